/* SPDX-License-Identifier: MIT */

/*
 * The whole client in clear, against a server and a network that the input makes up.
 *
 * Input: four octets of settings (see `set_up`: if the last one is odd, LMTP is spoken); the mails
 * (letter.h); the network's behaviour (pace.h), an octet of length and the octets; what the server
 * says (wire.h). Promise: it ends; what is said is an SMTP dialogue with these messages in it; and
 * what becomes of each mail and each recipient is what the octets that passed by say. The rule of
 * tests/permute, which is told of those octets and of nothing else, says what that is.
 */

#include "letter.h"
#include "message.h"
#include "wire.h"

#include "stint/client.h"

#define SESSION_MS 1800000U
#define IDLE_MS    20000U
#define TEXT_SIZE  20

/* The first octet of the settings: bits 0 and 1 are the mails but one. */
enum {
    ONE_BUFFER = 1 << 2,
    NO_TEXT = 1 << 3,
    NO_EHLO_NAME = 1 << 4,
    WRITES_HANG = 1 << 5,
    WAITS_FOR_MAILS = 1 << 6,
    ONLY_A_LOOK = 1 << 7
};

struct world {
    struct stint_client client;
    struct transcript given; /* what the client is given, for the rule */
    struct letter letters[TRANSCRIPT_MAILS_MAX];
    struct pace pace;
    struct wire wire;
    struct rule rule;
    uint32_t now_ms;
    bool is_aborted;
    bool is_late;    /* a deadline has passed, and nothing was said behind that */
    bool passes_now; /* it is this step that sees it */
    unsigned times_idle;
};

/* ---- What must be ---- */

#define SAME(got, wanted)                                                                          \
    ((unsigned)(got) == (unsigned)(wanted)                                                         \
         ? (void)0                                                                                 \
         : (fprintf(stderr, "%s:%d: broken: %s is %u, not %u\n", __FILE__, __LINE__, #got,         \
                    (unsigned)(got), (unsigned)(wanted)),                                          \
            abort()))

static void check_rule(const struct rule *rule)
{
    if (rule->wrong[0] != '\0') {
        fprintf(stderr, "broken: %s\n", rule->wrong);
        abort();
    }
}

static void check_enhanced(const struct stint_enhanced *got, const struct stint_enhanced *wanted)
{
    SAME(got->status_class, wanted->status_class);
    SAME(got->subject, wanted->subject);
    SAME(got->detail, wanted->detail);
}

static void check_recipients(const struct verdict *wanted, enum stint_fate all)
{
    enum stint_fate worst = STINT_FATE_ACCEPTED;
    size_t i;

    for (i = 0; wanted->mail != NULL && i < wanted->mail->recipient_count; i++) {
        const struct stint_recipient *got = &wanted->mail->recipients[i];

        SAME(got->fate, wanted->recipients[i].fate);
        SAME(got->code, wanted->recipients[i].code);
        check_enhanced(&got->enhanced, &wanted->recipients[i].enhanced);
        if (worst == STINT_FATE_ACCEPTED || got->fate == STINT_FATE_UNKNOWN) {
            worst = got->fate;
        }
    }
    SAME(all, wanted->mail != NULL ? worst : STINT_FATE_NOT_ACCEPTED);
}

static void check_text(const struct stint_client *client, const char *wanted)
{
    size_t length = strlen(wanted);

    if (client->text != NULL) {
        length = length < TEXT_SIZE ? length : TEXT_SIZE - 1;
        PROMISE(memcmp(client->text, wanted, length) == 0 && client->text[length] == '\0');
    }
}

static void check_result(const struct stint_client *client, const struct verdict *wanted)
{
    const struct stint_result *got = &client->result;

    PROMISE(got->mail == wanted->mail);
    if (wanted->also == STINT_ERROR_NONE || got->error != wanted->also) {
        SAME(got->error, wanted->error);
    }
    if (!wanted->may_be_reset || wanted->stage != STINT_STAGE_MAIL ||
        got->stage != STINT_STAGE_RSET) {
        SAME(got->stage, wanted->stage);
    }
    SAME(got->fate, wanted->fate);
    SAME(got->field, wanted->field);
    SAME(got->code, wanted->code);
    check_enhanced(&got->enhanced, &wanted->enhanced);
    check_text(client, wanted->text);
    check_recipients(wanted, got->fate);
    PROMISE(got->mail == NULL || got->recipient < got->mail->recipient_count);
    PROMISE(got->tls_error == 0 && got->certificate == 0);
    PROMISE(got->error != STINT_ERROR_NONE || got->stage == STINT_STAGE_QUIT);
}

/* Nobody has got what was never begun. */
static void check_the_others(const struct world *world, size_t last)
{
    size_t i;
    size_t j;

    for (i = last + 1; i < world->rule.available; i++) {
        const struct stint_mail *mail = &world->given.mails[i].mail;

        for (j = 0; j < mail->recipient_count; j++) {
            SAME(mail->recipients[j].fate, STINT_FATE_NOT_ACCEPTED);
            SAME(mail->recipients[j].code, 0);
        }
    }
}

static void check_end(struct world *world)
{
    const struct verdict *wanted;
    size_t i;

    if (world->is_late) {
        rule_fault(&world->rule, STINT_ERROR_TIMEOUT);
    }
    wanted = rule_judge(&world->rule);
    check_rule(&world->rule);
    check_result(&world->client, wanted);
    check_the_others(world, (size_t)(wanted - world->rule.verdicts));
    for (i = 0; i < world->given.mail_count; i++) {
        PROMISE(!world->rule.transactions[i].message_said || world->letters[i].has_ended);
    }
    PROMISE(world->wire.opened == world->wire.closed);
    PROMISE(stint_step(&world->client, world->now_ms) == STINT_DONE);
}

/* ---- One session ---- */

static void bring_mail(struct world *world)
{
    struct transcript_mail *mails = world->given.mails;
    size_t available = world->rule.available;

    if (!world->wire.wants_mail) {
        return;
    }
    if (available == world->given.mail_count) {
        wire_pass_mail(&world->wire);
    } else if (world->rule.is_idle) {
        wire_pass_mail(&world->wire);
        mails[available - 1].mail.next = &mails[available].mail;
        world->times_idle++;
        rule_has_mail(&world->rule);
    }
}

static void before_step(struct world *world)
{
    size_t i;

    bring_mail(world);
    world->pace.can_go_on = world->wire.wants_mail;
    world->wire.waits = 0;
    for (i = 0; i < world->given.mail_count; i++) {
        world->letters[i].waits = false;
    }
    if (world->wire.is_given_up) {
        world->wire.is_given_up = false;
        world->is_aborted = true;
        rule_fault(&world->rule, STINT_ERROR_ABORTED);
        stint_abort(&world->client);
    }
}

static unsigned waits_for(const struct world *world)
{
    unsigned waits = world->wire.waits;
    size_t i;

    for (i = 0; i < world->given.mail_count; i++) {
        waits |= world->letters[i].waits ? STINT_WANT_SOURCE : 0U;
    }
    return waits;
}

/* Time passes until something can go on, or a deadline is over; where nothing is waited for, none
 * does. */
static void wait(struct world *world)
{
    unsigned wants = stint_wants(&world->client);
    unsigned waits = waits_for(world);
    uint32_t wait_ms = stint_wait_ms(&world->client, world->now_ms);
    uint32_t passed_ms = world->pace.can_go_on && wait_ms > 10 ? 10 : wait_ms;

    PROMISE(wait_ms <= SESSION_MS + world->wire.said);
    PROMISE(wants != STINT_WANT_NOTHING || wait_ms == 0);
    PROMISE(wants == STINT_WANT_NOTHING || waits == 0 || wants == waits);
    if (wants == STINT_WANT_NOTHING) {
        return;
    }
    passed_ms = passed_ms > world->wire.passed_ms ? passed_ms : world->wire.passed_ms;
    world->wire.passed_ms = 0;
    world->now_ms += passed_ms;
    world->passes_now = passed_ms >= wait_ms;
    if (world->passes_now && world->rule.is_idle) {
        world->times_idle++;
        rule_idle_over(&world->rule);
    }
}

/* Behind a deadline nothing is said; but the step that sees it may still say something, and one
 * that gives a result does not see it. */
static void note_time(struct world *world, size_t said_before, enum stint_progress progress)
{
    world->is_late = (world->is_late && world->wire.said == said_before) || world->passes_now;
    world->passes_now = world->passes_now && progress == STINT_MAIL_DONE;
}

static void run(struct world *world)
{
    uint32_t started = world->now_ms;
    unsigned steps = 0;
    enum stint_progress progress;
    size_t said;

    do {
        before_step(world);
        said = world->wire.said;
        progress = stint_step(&world->client, world->now_ms);
        if (!world->is_aborted) {
            rule_hears_on(&world->rule);
        }
        note_time(world, said, progress);
        check_rule(&world->rule);
        if (progress == STINT_MAIL_DONE) {
            PROMISE(world->rule.reported < world->given.mail_count);
            check_result(&world->client, rule_report(&world->rule));
        }
        if (progress != STINT_DONE) {
            wait(world);
        }
        PROMISE(++steps < 100000);
    } while (progress != STINT_DONE);
    PROMISE(world->now_ms - started <=
            (1 + world->times_idle) * (SESSION_MS + world->wire.said + IDLE_MS + 120000));
}

/* Buffers of exactly the size that the client is told. */
static void give_buffers(struct stint_client *client, bool one, bool no_text)
{
    client->in_size = STINT_IN_MIN;
    client->in = malloc(client->in_size);
    client->out_size = one ? 0 : STINT_OUT_MIN;
    client->out = one ? NULL : malloc(client->out_size);
    client->text_size = no_text ? 0 : TEXT_SIZE;
    client->text = no_text ? NULL : malloc(client->text_size);
}

static void take_letters(struct world *world, struct input *input)
{
    struct transcript *given = &world->given;
    size_t i;

    for (i = 0; i < given->mail_count; i++) {
        world->letters[i].pace = &world->pace;
        world->letters[i].rule = &world->rule;
        letter_start(&world->letters[i], &given->mails[i], i, input);
    }
    message_forget();
}

static void set_up(struct world *world, struct input *input)
{
    uint8_t settings = take_octet(input);
    uint8_t fault = take_octet(input);
    uint8_t timeouts = take_octet(input);
    uint8_t clock = take_octet(input);
    size_t i;

    world->now_ms = clock * 0x01010101U;
    world->given.account =
        (struct stint_account){.host = "mail.example.com",
                               .port = 24,
                               .lmtp = clock % 2 == 1,
                               .security = STINT_SECURITY_NONE,
                               .ehlo_name = (settings & NO_EHLO_NAME) != 0 ? NULL : "c.example.com",
                               .timeout_ms = (timeouts & 0x0F) * 1000U,
                               .deadline_ms = (timeouts >> 4) * 5000U,
                               .idle_ms = (settings & WAITS_FOR_MAILS) != 0 ? IDLE_MS : 0};
    world->given.mail_count = (settings & ONLY_A_LOOK) != 0 ? 0 : 1 + (settings & 3U);
    take_letters(world, input);
    world->pace.octets = take_piece(input);
    world->wire = (struct wire){.rule = &world->rule,
                                .pace = &world->pace,
                                .script = *input,
                                .fails_at = fault,
                                .hangs = (settings & WRITES_HANG) != 0};
    rule_start(&world->rule, &world->given, STINT_SECURITY_NONE);
    for (i = 1; i < world->rule.available; i++) {
        world->given.mails[i - 1].mail.next = &world->given.mails[i].mail;
    }
    world->client.io = &wire_io;
    world->client.io_context = &world->wire;
    give_buffers(&world->client, (settings & ONE_BUFFER) != 0, (settings & NO_TEXT) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct input input = {data, size};
    size_t i;

    memset(&world, 0, sizeof world);
    set_up(&world, &input);
    stint_start(&world.client, &world.given.account,
                world.given.mail_count > 0 ? &world.given.mails[0].mail : NULL, world.now_ms);
    if (world.rule.fault == STINT_ERROR_NONE) {
        rule_connecting(&world.rule);
    }
    run(&world);
    check_end(&world);
    for (i = 0; i < world.given.mail_count; i++) {
        letter_end(&world.letters[i]);
    }
    free(world.client.in);
    free(world.client.out);
    free(world.client.text);
    return 0;
}
