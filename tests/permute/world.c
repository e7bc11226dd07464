/* SPDX-License-Identifier: MIT */
#include "world.h"

#include "rsa_server.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct world world;

/* Far more than any session here takes. */
#define STEPS_MAX 100000
#define HOUR_MS   3600000U

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
    snprintf(play->name, sizeof play->name, "%s", name);
    transcript_load(&play->transcript, path);
    play->is_wrapped = wrapped;
    play->account = play->transcript.account;
    if (wrapped) {
        play->account.security = STINT_SECURITY_IMPLICIT;
    }
    script_cut(&play->script, &play->transcript, wrapped);
    play->is_thorough = strcmp(name, "provider-gmail") == 0;
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

    client->io = &port_io;
    client->io_context = &world.port;
    client->tls = &world.tls;
    client->in = world.in;
    client->in_size = sizeof world.in;
    client->out = world.fault.manner.one_buffer ? NULL : world.out;
    client->out_size = world.fault.manner.one_buffer ? 0 : sizeof world.out;
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

static const struct stint_mail *set_up_mail(void)
{
    const struct transcript *given = &world.play->transcript;

    feed_start(&world.feed, &given->mails[0].source, &world.rule);
    world.mail = given->mails[0].mail;
    memcpy(world.recipients, given->mails[0].recipients, sizeof world.recipients);
    world.mail.recipients = world.recipients;
    world.mail.source = &world.feed.source;
    return given->mail_count > 0 ? &world.mail : NULL;
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

/* EHLO's reply is more than its code. */
static bool answers_ehlo(const struct piece *piece)
{
    return piece > world.play->script.pieces && piece[-1].kind == PIECE_CLIENT &&
           piece[-1].length > 5 && memcmp(piece[-1].octets, "EHLO ", 5) == 0;
}

/* Nor is the code all that there is to 334: this one's text is not what it must be. */
static bool is_cancelled(const struct piece *piece)
{
    return piece[1].kind == PIECE_CLIENT && memcmp(piece[1].octets, "*\r\n", 3) == 0;
}

static bool is_behind_quit(const struct piece *piece)
{
    return piece > world.play->script.pieces && piece[-1].kind == PIECE_CLIENT &&
           piece[-1].length > 6 &&
           memcmp(piece[-1].octets + piece[-1].length - 6, "QUIT\r\n", 6) == 0;
}

static void replace_reply(const struct kind *kind, size_t number)
{
    const struct piece *piece = script_reply(&world.play->script, number);
    bool is_same;
    bool has_quit;

    if (kind->reply == NULL || piece == NULL) {
        return;
    }
    memcpy(world.instead, kind->reply, kind->reply_length);
    if (kind->keeps_code) {
        memcpy(world.instead, piece->octets, 3);
    }
    is_same = memcmp(world.instead, piece->octets, 3) == 0 && is_whole_reply(piece) &&
              !answers_ehlo(piece) && !is_cancelled(piece);
    has_quit = piece[1].kind == PIECE_SERVER && is_behind_quit(piece); /* and waits for 221 */
    server_replace(&world.server, piece, world.instead, kind->reply_length, !is_same && !has_quit);
}

void world_set_fault(const struct fault_case *fault)
{
    const struct kind *kind = fault->kind;

    world.fault = *fault;
    world.port.mishap = kind->mishap;
    world.port.at = fault->at;
    world.port.manner = fault->manner;
    world.port.knows_no_address = kind->trouble == TROUBLE_NO_ADDRESS;
    world.feed.most = fault->manner.most;
    world.feed.again = fault->manner.again;
    world.feed.fails_at = kind->trouble == TROUBLE_SOURCE ? fault->at : 0;
    world.feed.cannot_start = kind->trouble == TROUBLE_REWIND;
    if (kind->counter == COUNT_REPLIES) {
        replace_reply(kind, fault->at);
    }
}

void world_start(const struct play *play, const struct fault_case *fault)
{
    const struct stint_mail *mail;

    memset(&world, 0, offsetof(struct world, tls));
    world.play = play;
    world.fault = *fault;
    rule_start(&world.rule, &play->transcript, security_of(&play->account));
    server_start(&world.server, &play->script);
    port_start(&world.port, &world.server, &world.tls_server, &world.rule);
    mail = set_up_mail();
    set_up_client();
    world_set_fault(fault);
    world.account = play->account;
    if (fault->kind->trouble == TROUBLE_OTHER_NAME) {
        world.account.host = "other.example.com";
    }
    world.now_ms = 0xFFFFFF00U; /* wraps during the session */
    stint_start(&world.client, &world.account, mail, world.now_ms);
    if (world.rule.fault == STINT_ERROR_NONE) {
        rule_connecting(&world.rule);
    }
}

/* ---- Stepping ---- */

static void complain(const char *format, ...)
{
    va_list arguments;

    if (world.wrong[0] == '\0') {
        va_start(arguments, format);
        vsnprintf(world.wrong, sizeof world.wrong, format, arguments);
        va_end(arguments);
    }
}

static void before_step(void)
{
    bool is_it = world.steps == world.fault.at;
    bool scripted = server_end(&world.server) == TRANSCRIPT_ABORT && world.port.is_open &&
                    !world.port.is_unflushed;

    world.port.can_go_on = false;
    world.port.waits = 0;
    world.feed.waits = false;
    if (is_it && world.fault.kind->trouble == TROUBLE_LEAP) {
        world.now_ms += HOUR_MS;
        rule_fault(&world.rule, STINT_ERROR_TIMEOUT);
    }
    if (scripted || (is_it && world.fault.kind->trouble == TROUBLE_ABORT)) {
        rule_fault(&world.rule, STINT_ERROR_ABORTED);
        stint_abort(&world.client);
    }
}

/* No octet will ever come, and that is what the case is about. */
static bool waits_for_deadline(void)
{
    if (server_end(&world.server) == TRANSCRIPT_SILENCE && !world.port.is_unflushed) {
        if (world.rule.fault == STINT_ERROR_NONE) {
            rule_fault(&world.rule, STINT_ERROR_TIMEOUT);
        }
        return true;
    }
    return world.port.is_stalled || world.port.write_end != 0;
}

/* Does it say that it waits for what made it stop, and for nothing else? */
static void judge_wants(void)
{
    unsigned wants = stint_wants(&world.client);
    unsigned waits = world.port.waits | (world.feed.waits ? STINT_WANT_SOURCE : 0U);

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
    if (port_has_news(&world.port) || world.feed.waits ||
        server_end(&world.server) == TRANSCRIPT_ABORT) {
        world.now_ms += world.fault.kind->trouble == TROUBLE_STANDSTILL ? 0 : 1;
    } else if (waits_for_deadline() || world.rule.all_heard || world.rule.has_quit) {
        world.now_ms += wait_ms;
    } else if (world.rule.fault != STINT_ERROR_NONE) {
        world.now_ms += wait_ms; /* it concludes from what has happened, now or then */
    } else {
        complain("it waits for ever");
        world.is_done = true;
    }
}

void world_step(void)
{
    before_step();
    world.is_done = stint_step(&world.client, world.now_ms) == STINT_DONE;
    if (world.steps++ == STEPS_MAX) {
        complain("it never ends");
        world.is_done = true;
    }
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
    size_t i;
    size_t replies = 0;

    switch (counter) {
    case COUNT_DOWN: return world.port.down;
    case COUNT_UP: return world.port.up;
    case COUNT_CALLS: return world.port.calls;
    case COUNT_STEPS: return world.steps;
    case COUNT_READS: return world.feed.calls;
    case COUNT_REPLIES:
        for (i = 0; i < world.server.at; i++) {
            replies += world.play->script.pieces[i].kind == PIECE_SERVER;
        }
        return replies + (world.server.offset > 0 || world.port.loaded > 0); /* begun, too */
    default: return 0;
    }
}

/* ---- Judging ---- */

static void judge_invariants(void)
{
    const struct stint_result *result = &world.client.result;
    bool doubt = false;
    bool all = world.play->transcript.mail_count > 0;
    size_t i;

    for (i = 0; world.play->transcript.mail_count > 0 && i < world.mail.recipient_count; i++) {
        doubt = doubt || world.recipients[i].fate == STINT_FATE_UNKNOWN;
        all = all && world.recipients[i].fate == STINT_FATE_ACCEPTED;
    }
    if (result->fate != (doubt ? STINT_FATE_UNKNOWN
                         : all ? STINT_FATE_ACCEPTED
                               : STINT_FATE_NOT_ACCEPTED)) {
        complain("all together are %s, but not by what each is", stint_fate_name(result->fate));
    }
    if (memchr(world.text, '\0', sizeof world.text) == NULL) {
        complain("the text has no end");
    }
    if (world.port.closed != world.port.opened || world.port.is_open) {
        complain("opened %u times, closed %u times", world.port.opened, world.port.closed);
    }
    if (world.rule.message_said && !world.feed.has_ended) {
        complain("the final dot behind half a message");
    }
    if (result->error == STINT_ERROR_NONE && result->stage != STINT_STAGE_QUIT) {
        complain("no error, but at %s", stint_stage_name(result->stage));
    }
}

static void judge_recipients(const struct stint_recipient *wanted)
{
    size_t i;

    for (i = 0; world.play->transcript.mail_count > 0 && i < world.mail.recipient_count; i++) {
        if (world.recipients[i].fate != wanted[i].fate ||
            world.recipients[i].code != wanted[i].code) {
            complain("recipient %zu is %s %u; expected %s %u", i,
                     stint_fate_name(world.recipients[i].fate), world.recipients[i].code,
                     stint_fate_name(wanted[i].fate), wanted[i].code);
        }
    }
}

static void judge_result(const struct rule_verdict *wanted, const char *who)
{
    const struct stint_result *got = &world.client.result;
    bool same = got->error == wanted->error ||
                (wanted->also != STINT_ERROR_NONE && got->error == wanted->also);

    if (!same || got->stage != wanted->stage || got->fate != wanted->fate) {
        complain("error %s at %s, %s; expected by %s: %s%s%s at %s, %s",
                 stint_error_name(got->error), stint_stage_name(got->stage),
                 stint_fate_name(got->fate), who, stint_error_name(wanted->error),
                 wanted->also != 0 ? " or " : "",
                 wanted->also != 0 ? stint_error_name(wanted->also) : "",
                 stint_stage_name(wanted->stage), stint_fate_name(wanted->fate));
    }
    if (got->code != wanted->code || strcmp(world.text, wanted->text) != 0) {
        complain("reply %u \"%.60s\"; expected by %s: %u \"%.60s\"", got->code, world.text, who,
                 wanted->code, wanted->text);
    }
    judge_recipients(wanted->recipients);
}

static void judge_enhanced(const struct stint_enhanced *wanted, const struct stint_enhanced *got)
{
    if (wanted->status_class != got->status_class || wanted->subject != got->subject ||
        wanted->detail != got->detail) {
        complain("enhanced code %u.%u.%u", got->status_class, got->subject, got->detail);
    }
}

/* A session without a fault ends as is written in its transcript. */
static void judge_by_transcript(void)
{
    const struct transcript *given = &world.play->transcript;
    struct rule_verdict wanted;
    size_t i;

    memset(&wanted, 0, sizeof wanted);
    wanted.error = given->mails[0].result.error;
    wanted.stage = given->mails[0].result.stage;
    wanted.fate = given->mails[0].result.fate;
    wanted.code = given->mails[0].result.code;
    snprintf(wanted.text, sizeof wanted.text, "%s", given->mails[0].text);
    memcpy(wanted.recipients, given->mails[0].outcomes, sizeof wanted.recipients);
    judge_result(&wanted, "the transcript");
    for (i = 0; i < given->mails[0].outcome_count; i++) {
        judge_enhanced(&given->mails[0].outcomes[i].enhanced, &world.recipients[i].enhanced);
    }
    judge_enhanced(&given->mails[0].result.enhanced, &world.client.result.enhanced);
    if (world.client.result.recipient != given->mails[0].result.recipient) {
        complain("the error is about recipient %u", world.client.result.recipient);
    }
}

bool world_judge(void)
{
    const struct rule_verdict *wanted = rule_judge(&world.rule);

    if (world.server.wrong[0] != '\0') {
        complain("%s", world.server.wrong);
    }
    if (world.rule.wrong[0] != '\0') {
        complain("%s", world.rule.wrong);
    }
    judge_result(wanted, "the rule");
    if (world.fault.kind == KIND_WHOLE || world.fault.kind->trouble == TROUBLE_STANDSTILL) {
        judge_by_transcript();
    }
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
