/* SPDX-License-Identifier: MIT */
#include "world.h"

#include "matrix.h"
#include "message.h"
#include "rsa_server.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world world;
void (*world_judged)(const struct verdict *wanted);

/* Far more than any session here takes. */
#define STEPS_MAX 100000
#define HOUR_MS   3600000U

static void complain(const char *format, ...)
{
    va_list arguments;

    if (world.wrong[0] == '\0') {
        va_start(arguments, format);
        vsnprintf(world.wrong, sizeof world.wrong, format, arguments);
        va_end(arguments);
    }
}

/* ---- What is played ---- */

static enum stint_security security_of(const struct stint_account *account)
{
    if (account->security == STINT_SECURITY_BY_PORT) {
        return account->port == 0 || account->port == 465 ? STINT_SECURITY_IMPLICIT
                                                          : STINT_SECURITY_STARTTLS;
    }
    return account->security;
}

void play_load(struct play *play, const char *path, const char *name, bool wrapped)
{
    memset(play, 0, sizeof *play);
    message_forget();
    snprintf(play->name, sizeof play->name, "%s", name);
    transcript_load(&play->transcript, path);
    (void)transcript_mail(&play->transcript);
    play->is_wrapped = wrapped;
    play->account = play->transcript.account;
    if (wrapped) {
        play->account.security = STINT_SECURITY_IMPLICIT;
    }
    script_cut(&play->script, &play->transcript, wrapped);
    play->replies = play->transcript.replies > 0 ? play->transcript.replies : play->script.flight;
    play->replies = play->replies > 0 ? play->replies : 1;
    if (play->replies > PLAY_REPLIES_MAX) {
        fprintf(stderr, "%s: too many replies in a flight\n", name);
        exit(2);
    }
    play->is_thorough = strcmp(name, "provider-gmail") == 0;
}

/* One buffer for both directions cannot read while half a record waits to be written: what is early
 * inside TLS needs two. Where the buffer is what bounds the replies, there is one only: with two,
 * this server keeps its records small. And a server can only answer the commands of a flight one by
 * one if they do not come in one record. */
bool play_allows(const struct play *play, const struct manner *manner)
{
    if (play->transcript.replies > 0 && !(play->script.has_tls && manner->one_buffer)) {
        return false;
    }
    if (manner->prompt &&
        (play->script.has_tls || play->script.flight == 1 || !play->script.is_plain)) {
        return false;
    }
    return !manner->one_buffer || !play->transcript.has_early_in_tls;
}

/* ---- Setting up ---- */

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    rule_shaking(&world.rule);
    memset(buffer, 0x5A, length);
    if (world.fault.kind->trouble == TROUBLE_ENTROPY) {
        rule_fault(&world.rule, STINT_ERROR_ENTROPY);
        return 0;
    }
    if (world.fault.kind->trouble == TROUBLE_OTHER_NAME) {
        rule_fault(&world.rule, STINT_ERROR_CERTIFICATE);
    }
    return 1;
}

static void set_up_client(void)
{
    struct stint_client *client = &world.client;
    bool one = world.fault.manner.one_buffer;

    client->io = &port_io;
    client->io_context = &world.port;
    client->tls = &world.tls;
    client->in = world.in;
    client->in_size = one ? STINT_IN_OVERHEAD + 512 * world.play->replies : STINT_IN_MIN;
    client->out = one ? NULL : world.out;
    client->out_size = one ? 0 : sizeof world.out;
    client->text = world.text;
    client->text_size = sizeof world.text;
    memset(world.text, 'X', sizeof world.text);
    if (world.play->script.has_tls) {
        memset(&world.tls, 0, sizeof world.tls);
    }
    world.tls.profile = stint_tls_profile_fast;
    world.tls.anchors = world.fault.manner.rsa ? &rsa_server_anchor : &tls_server_anchor;
    world.tls.anchor_count = 1;
    world.tls.entropy = entropy;
    world.tls.unix_time = TLS_SERVER_TIME;
}

/* With what another session has left in it. */
static void set_up_mail(size_t index)
{
    const struct transcript_mail *given = &world.play->transcript.mails[index];
    struct stint_mail *mail = &world.mails[index];
    size_t i;

    feed_start(&world.feeds[index], index, &given->source, &world.rule);
    world.feeds[index].server = &world.server;
    world.feeds[index].calls = &world.reads;
    world.feeds[index].rewinds = &world.rewinds;
    *mail = given->mail;
    mail->recipients = world.recipients[index];
    mail->source = &world.feeds[index].source;
    mail->next = given->mail.next != NULL ? &world.mails[index + 1] : NULL;
    memset(mail->recipients, 1, mail->recipient_count * sizeof mail->recipients[0]);
    for (i = 0; i < mail->recipient_count; i++) {
        mail->recipients[i].address = given->recipients[i].address;
        mail->recipients[i].notify = given->recipients[i].notify;
    }
}

/* Is it a whole reply as RFC 5321 4.2 has them? Then one of the same code means the same. */
static bool is_whole_reply(const struct piece *piece)
{
    size_t n = piece->length;
    const char *line = piece->octets;
    const char *end = piece->octets + n;

    if (n < 5 || memcmp(end - 2, "\r\n", 2) != 0 || memchr(line, '\0', n) != NULL) {
        return false;
    }
    while (line < end) {
        if (end - line < 5 || memcmp(line, piece->octets, 3) != 0 || *line < '1' || *line > '5') {
            return false;
        }
        line = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
    }
    return true;
}

/* Is the code all that there is to it? EHLO's reply is more, and 452 and 552 may mean two things;
 * nor is it all of a 334 whose text is not what it must be. */
static bool is_its_code(const struct piece *piece)
{
    const struct script *script = &world.play->script;
    const char *verb = piece->answers > 0 ? script->commands[piece->answers - 1].verb : "";
    bool answers_ehlo = strcmp(verb, "EHLO") == 0 || strcmp(verb, "LHLO") == 0;
    bool is_cancelled = piece[1].kind == PIECE_CLIENT && memcmp(piece[1].octets, "*\r\n", 3) == 0;

    return is_whole_reply(piece) && !answers_ehlo && !is_cancelled &&
           memcmp(piece->octets, "452", 3) != 0 && memcmp(piece->octets, "552", 3) != 0;
}

static void replace_reply(const struct kind *kind, size_t number)
{
    const struct piece *piece = script_reply(&world.play->script, number);
    size_t length = kind->length;
    bool is_same;

    if (kind->swap == SWAP_NONE || piece == NULL) {
        return;
    }
    memcpy(world.instead, kind->words, length);
    if (kind->swap == SWAP_TEXT) {
        memcpy(world.instead, piece->octets, 3);
    }
    if (kind->swap == SWAP_TWICE) {
        length = 2 * piece->length;
        memcpy(world.instead, piece->octets, piece->length);
        memcpy(world.instead + piece->length, piece->octets, piece->length);
    }
    is_same = kind->swap != SWAP_TWICE && kind->swap != SWAP_AWAY && is_its_code(piece) &&
              memcmp(world.instead, piece->octets, 3) == 0;
    server_replace(&world.server, piece, world.instead, length, !is_same, kind->temper);
}

void world_set_fault(const struct fault_case *fault)
{
    const struct kind *kind = fault->kind;
    size_t i;

    world.fault = *fault;
    world.port.mishap = kind->mishap;
    world.port.at = fault->at;
    world.port.manner = fault->manner;
    world.port.knows_no_address = kind->trouble == TROUBLE_NO_ADDRESS;
    world.port.interruption = kind->mishap == MISHAP_INTERRUPTS ? kind->words : NULL;
    for (i = 0; i < world.play->transcript.mail_count; i++) {
        world.feeds[i].most = fault->manner.most;
        world.feeds[i].again = fault->manner.again;
        world.feeds[i].fails_at = kind->trouble == TROUBLE_SOURCE ? fault->at : 0;
        world.feeds[i].stuck_at = kind->trouble == TROUBLE_REWIND ? fault->at : 0;
    }
    if (kind->counter == COUNT_REPLIES) {
        replace_reply(kind, fault->at);
    }
}

void world_start(const struct play *play, const struct fault_case *fault)
{
    const struct transcript *given = &play->transcript;
    size_t i;

    memset(&world, 0, offsetof(struct world, tls));
    world.play = play;
    world.fault = *fault;
    rule_start(&world.rule, given, security_of(&play->account));
    server_start(&world.server, &play->script, fault->manner.prompt);
    port_start(&world.port, &world.server, &world.tls_server, &world.rule);
    for (i = 0; i < given->mail_count; i++) {
        set_up_mail(i);
    }
    set_up_client();
    world_set_fault(fault);
    world.account = play->account;
    if (fault->kind->trouble == TROUBLE_OTHER_NAME) {
        world.account.host = "other.example.com";
    }
    world.now_ms = 0xFFFFFF00U; /* wraps during the session */
    stint_start(&world.client, &world.account, given->mail_count > 0 ? &world.mails[0] : NULL,
                world.now_ms);
    if (world.rule.fault == STINT_ERROR_NONE) {
        rule_connecting(&world.rule);
    }
}

/* ---- Judging a result ---- */

static bool is_same_enhanced(const struct stint_enhanced *one, const struct stint_enhanced *other)
{
    return one->status_class == other->status_class && one->subject == other->subject &&
           one->detail == other->detail;
}

static void judge_recipients(const struct verdict *wanted, size_t index, const char *who)
{
    const struct stint_recipient *got = world.recipients[index];
    size_t i;

    for (i = 0; i < world.mails[index].recipient_count; i++) {
        if (got[i].fate != wanted->recipients[i].fate ||
            got[i].code != wanted->recipients[i].code ||
            !is_same_enhanced(&got[i].enhanced, &wanted->recipients[i].enhanced)) {
            complain("recipient %zu of mail %zu is %s %u; expected by %s: %s %u", i, index + 1,
                     stint_fate_name(got[i].fate), got[i].code, who,
                     stint_fate_name(wanted->recipients[i].fate), wanted->recipients[i].code);
        }
    }
}

static void judge_result(const struct verdict *wanted, size_t index, const char *who)
{
    const struct stint_result *got = &world.client.result;
    bool same = got->error == wanted->error ||
                (wanted->also != STINT_ERROR_NONE && got->error == wanted->also);
    bool is_there =
        got->stage == wanted->stage || (wanted->may_be_reset && wanted->stage == STINT_STAGE_MAIL &&
                                        got->stage == STINT_STAGE_RSET);

    if (!same || !is_there || got->fate != wanted->fate || got->field != wanted->field) {
        complain("mail %zu: error %s at %s, %s; expected by %s: %s%s%s at %s, %s", index + 1,
                 stint_error_name(got->error), stint_stage_name(got->stage),
                 stint_fate_name(got->fate), who, stint_error_name(wanted->error),
                 wanted->also != 0 ? " or " : "",
                 wanted->also != 0 ? stint_error_name(wanted->also) : "",
                 stint_stage_name(wanted->stage), stint_fate_name(wanted->fate));
    }
    if (got->code != wanted->code || strcmp(world.text, wanted->text) != 0 ||
        !is_same_enhanced(&got->enhanced, &wanted->enhanced)) {
        complain("mail %zu: reply %u \"%.60s\"; expected by %s: %u \"%.60s\"", index + 1, got->code,
                 world.text, who, wanted->code, wanted->text);
    }
    judge_recipients(wanted, index, who);
}

/* A session without a fault ends as is written in its transcript. */
static void judge_by_transcript(size_t index)
{
    const struct transcript_mail *given = &world.play->transcript.mails[index];
    struct verdict wanted;

    verdict_start(&wanted, &given->mail);
    wanted.error = given->result.error;
    wanted.stage = given->result.stage;
    wanted.fate = given->result.fate;
    wanted.field = given->result.field;
    wanted.code = given->result.code;
    wanted.enhanced = given->result.enhanced;
    snprintf(wanted.text, sizeof wanted.text, "%s", given->text);
    memcpy(wanted.recipients, given->outcomes, sizeof wanted.recipients);
    judge_result(&wanted, index, "the transcript");
    if (!given->is_begun) {
        complain("mail %zu has a result; expected by the transcript: none", index + 1);
    }
    if (transcript_is_about_recipient(&world.play->transcript, &given->result) &&
        world.client.result.recipient != given->result.recipient) {
        complain("the error is about recipient %u", world.client.result.recipient);
    }
    if (given->tells_used && !world.play->is_wrapped &&
        world.client.result.extensions != given->result.extensions) {
        complain("it used 0x%X", world.client.result.extensions);
    }
}

static enum stint_fate fate_of_all(size_t index)
{
    const struct stint_mail *mail = &world.mails[index];
    bool doubt = false;
    bool all = mail->recipient_count > 0;
    size_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        doubt = doubt || mail->recipients[i].fate == STINT_FATE_UNKNOWN;
        all = all && mail->recipients[i].fate == STINT_FATE_ACCEPTED;
    }
    return doubt ? STINT_FATE_UNKNOWN : all ? STINT_FATE_ACCEPTED : STINT_FATE_NOT_ACCEPTED;
}

static void judge_mail(const struct verdict *wanted)
{
    const struct stint_result *result = &world.client.result;
    size_t index = (size_t)(wanted - world.rule.verdicts);
    bool is_scripted =
        world.fault.kind == KIND_WHOLE || world.fault.kind->trouble == TROUBLE_STANDSTILL;

    judge_result(wanted, index, "the rule");
    if (is_scripted && !world.fault.manner.prompt) {
        judge_by_transcript(index);
    }
    if (result->mail != (wanted->mail != NULL ? &world.mails[index] : NULL)) {
        complain("the result of another mail than number %zu", index + 1);
    }
    if (result->fate != fate_of_all(index)) {
        complain("all together are %s, but not by what each is", stint_fate_name(result->fate));
    }
    if (memchr(world.text, '\0', sizeof world.text) == NULL) {
        complain("the text has no end");
    }
    if (result->error == STINT_ERROR_NONE && result->stage != STINT_STAGE_QUIT) {
        complain("no error, but at %s", stint_stage_name(result->stage));
    }
    matrix_note(result);
    if (world_judged != NULL) {
        world_judged(wanted);
    }
}

/* ---- Stepping ---- */

/* The caller has another mail, when there is none. */
static void bring_mail(void)
{
    if (server_expects(&world.server, PIECE_NEXT) && world.rule.is_idle) {
        world.mails[world.rule.available - 1].next = &world.mails[world.rule.available];
        rule_has_mail(&world.rule);
        server_passes(&world.server);
    }
}

static void end_idle_time(void)
{
    rule_idle_over(&world.rule);
    if (server_expects(&world.server, PIECE_IDLE)) {
        server_passes(&world.server);
    }
}

/* An hour is too long for everything; but if there was nothing to do, it was only idle. */
static void leap(bool was_idle)
{
    world.now_ms += HOUR_MS;
    if (!was_idle) {
        rule_fault(&world.rule, STINT_ERROR_TIMEOUT);
    } else if (world.rule.is_idle) {
        end_idle_time();
    }
}

static void before_step(void)
{
    bool is_it = world.steps == world.fault.at;
    bool scripted = server_end(&world.server) == TRANSCRIPT_ABORT && world.port.is_open &&
                    world.port.loaded == 0 && !world.port.is_unflushed &&
                    world.rule.unheard_length == 0;
    bool was_idle = world.rule.is_idle;
    size_t i;

    world.port.can_go_on = false;
    world.port.waits = 0;
    for (i = 0; i < world.play->transcript.mail_count; i++) {
        world.feeds[i].waits = false;
    }
    bring_mail();
    if (is_it && world.fault.kind->trouble == TROUBLE_LEAP) {
        leap(was_idle);
    }
    if (scripted || (is_it && world.fault.kind->trouble == TROUBLE_ABORT)) {
        rule_fault(&world.rule, STINT_ERROR_ABORTED);
        stint_abort(&world.client);
    } else {
        rule_hears_on(&world.rule);
    }
}

/* No octet will ever come, and that is what the case is about. */
static bool waits_for_deadline(void)
{
    bool is_silent = server_end(&world.server) == TRANSCRIPT_SILENCE && !world.port.is_unflushed;

    if (is_silent || (world.server.owes && world.rule.said_count > 0)) {
        if (world.rule.fault == STINT_ERROR_NONE) {
            rule_fault(&world.rule, STINT_ERROR_TIMEOUT);
        }
        return true;
    }
    return world.port.is_stalled || world.port.write_end != 0;
}

static bool source_waits(void)
{
    size_t i;

    for (i = 0; i < world.play->transcript.mail_count; i++) {
        if (world.feeds[i].waits) {
            return true;
        }
    }
    return false;
}

/* Does it say that it waits for what made it stop, and for nothing else? */
static void judge_wants(void)
{
    unsigned wants = stint_wants(&world.client);
    unsigned waits = world.port.waits | (source_waits() ? STINT_WANT_SOURCE : 0U);

    if (wants != STINT_WANT_NOTHING && waits != 0 && wants != waits) {
        complain("it wants %u, but %u could not go on", wants, waits);
    }
}

/* The client has nothing to do: the clock goes on until it has. */
static void wait(void)
{
    uint32_t wait_ms = stint_wait_ms(&world.client, world.now_ms);

    if (stint_wants(&world.client) == STINT_WANT_NOTHING) {
        if (wait_ms != 0) {
            complain("it waits %u ms for nothing", (unsigned)wait_ms);
        }
        return;
    }
    if (wait_ms == 0) {
        complain("it waits without a deadline");
    }
    if (port_has_news(&world.port) || source_waits() ||
        (server_expects(&world.server, PIECE_NEXT) && world.rule.is_idle) ||
        (server_end(&world.server) == TRANSCRIPT_ABORT && world.port.loaded == 0)) {
        world.now_ms += world.fault.kind->trouble == TROUBLE_STANDSTILL ? 0 : 1;
    } else if (world.rule.is_idle || world.rule.idle_is_over) {
        world.now_ms += wait_ms;
        end_idle_time();
    } else if (waits_for_deadline() || world.rule.all_heard || world.rule.has_quit) {
        world.now_ms += wait_ms;
    } else if (world.rule.fault != STINT_ERROR_NONE) {
        world.now_ms += wait_ms; /* it concludes from what has happened, now or then */
    } else {
        complain("it waits for ever");
        world.is_done = true;
    }
}

/* The many replies to a message of LMTP count as one: how many they are is up to the caller. */
static size_t commands_waiting(void)
{
    const struct said *said = world.rule.said;
    size_t count = 0;
    size_t i;

    for (i = 0; i < world.rule.said_count; i++) {
        count += i == 0 || !said[i].ends_message || !said[i - 1].ends_message;
    }
    return count;
}

/* Those that lie unread must fit into the buffer (stint/config.h). */
static void judge_flight(void)
{
    size_t waiting = commands_waiting();
    bool is_secure = world.port.in_tls && !world.port.is_shaking;

    if (is_secure && world.fault.manner.one_buffer && waiting > world.play->replies) {
        complain("%zu commands wait for replies", waiting);
    }
}

void world_step(void)
{
    enum stint_progress progress;

    before_step();
    progress = stint_step(&world.client, world.now_ms);
    world.is_done = progress == STINT_DONE;
    if (world.steps++ == STEPS_MAX) {
        complain("it never ends");
        world.is_done = true;
    }
    if (progress == STINT_MAIL_DONE && world.rule.reported < world.play->transcript.mail_count) {
        judge_mail(rule_report(&world.rule));
    } else if (progress == STINT_MAIL_DONE) {
        complain("more results than mails");
        world.is_done = true;
    }
    judge_flight();
    if (!world.is_done) {
        judge_wants();
        wait();
    }
}

void world_run(void)
{
    while (!world.is_done) {
        world_step();
    }
}

size_t world_count(enum counter counter)
{
    switch (counter) {
    case COUNT_DOWN: return world.port.down;
    case COUNT_UP: return world.port.up;
    case COUNT_CALLS: return world.port.calls;
    case COUNT_STEPS: return world.steps;
    case COUNT_READS: return world.reads;
    case COUNT_REWINDS: return world.rewinds;
    case COUNT_REPLIES: return world.server.said;
    default: return 0;
    }
}

/* ---- Judging all of it ---- */

/* Nobody has got what was never begun. */
static void judge_the_others(size_t last)
{
    const struct stint_recipient *recipient;
    size_t i;
    size_t j;

    for (i = last + 1; i < world.rule.available; i++) {
        for (j = 0; j < world.mails[i].recipient_count; j++) {
            recipient = &world.recipients[i][j];
            if (recipient->fate != STINT_FATE_NOT_ACCEPTED || recipient->code != 0) {
                complain("mail %zu was never begun, but is %s %u", i + 1,
                         stint_fate_name(recipient->fate), recipient->code);
            }
        }
    }
}

static void judge_invariants(void)
{
    size_t i;

    if (world.port.closed != world.port.opened || world.port.is_open) {
        complain("opened %u times, closed %u times", world.port.opened, world.port.closed);
    }
    for (i = 0; i < world.play->transcript.mail_count; i++) {
        if (world.rule.transactions[i].message_said && !world.feeds[i].has_ended) {
            complain("the end of a message behind half of it");
        }
    }
}

bool world_is_right(void)
{
    const struct verdict *wanted = rule_judge(&world.rule);

    if (world.server.wrong[0] != '\0') {
        complain("%s", world.server.wrong);
    }
    if (world.rule.wrong[0] != '\0') {
        complain("%s", world.rule.wrong);
    }
    judge_mail(wanted);
    judge_the_others((size_t)(wanted - world.rule.verdicts));
    judge_invariants();
    return world.wrong[0] == '\0';
}

/* ---- Back in time ---- */

static size_t size_in_use(const struct play *play)
{
    return play->script.has_tls ? sizeof world : offsetof(struct world, tls);
}

void world_save(struct world *copy)
{
    memcpy(copy, &world, size_in_use(world.play));
}

void world_restore(const struct world *copy)
{
    memcpy(&world, copy, size_in_use(copy->play));
}
