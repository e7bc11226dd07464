/* SPDX-License-Identifier: MIT */

/* Deadlines, by a fake clock: what each wait may last, and that nothing makes it longer. */

#include "test.h"

#include "desk.h"
#include "sasl/sasl.h"

static struct desk desk;

/* Runs a session that comes to a halt; returns how long the client had patience. */
static uint32_t patience_ms(const char *script)
{
    uint32_t begun;

    desk_set_up(&desk, script);
    begun = desk.now_ms;
    desk_run(&desk);
    return desk.now_ms - begun;
}

/* RFC 5321 4.5.3.2 */
static const struct {
    const char *script;
    enum stint_stage stage;
    enum stint_fate fate;
    uint32_t limit_ms;
} waits[] = {
    {"== silence ==\n", STINT_STAGE_GREETING, STINT_FATE_NOT_ACCEPTED, 300000},
    {"S: 220 mx\nC: EHLO client.example.com\n== silence ==\n", STINT_STAGE_EHLO,
     STINT_FATE_NOT_ACCEPTED, 300000},
    {"S: 220 mx\nC: EHLO client.example.com\nS: 502 What?\nC: HELO client.example.com\n"
     "== silence ==\n",
     STINT_STAGE_HELO, STINT_FATE_NOT_ACCEPTED, 300000},
    {DESK_HELLO "C: MAIL FROM:<a@example.com>\n== silence ==\n", STINT_STAGE_MAIL,
     STINT_FATE_NOT_ACCEPTED, 300000},
    {DESK_HELLO "C: MAIL FROM:<a@example.com>\nS: 250 Ok\nC: RCPT TO:<b@example.org>\n"
                "== silence ==\n",
     STINT_STAGE_RCPT, STINT_FATE_NOT_ACCEPTED, 300000},
    {DESK_HELLO DESK_ENVELOPE "C: DATA\n== silence ==\n", STINT_STAGE_DATA, STINT_FATE_NOT_ACCEPTED,
     120000},
    {DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE "== silence ==\n", STINT_STAGE_CONTENT,
     STINT_FATE_UNKNOWN, 600000},
    /* the transport takes no more of the message: a block's time */
    {DESK_HELLO DESK_ENVELOPE DESK_DATA "C: Hello\nC: .\\r\\c\n== silence ==\n",
     STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED, 180000},
    {DESK_HELLO DESK_ENVELOPE DESK_DATA "== silence ==\n", STINT_STAGE_CONTENT,
     STINT_FATE_NOT_ACCEPTED, 180000},
};

static void each_wait_has_its_limit(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(waits); i++) {
        assert_int_equal(patience_ms(waits[i].script), waits[i].limit_ms);
        desk_assert(&desk, STINT_ERROR_TIMEOUT, waits[i].stage, waits[i].fate);
        assert_int_equal(desk.client.result.code, 0);
    }
}

static void timeout_ms_is_for_each_wait(void **state)
{
    static const uint32_t limits[] = {1, 999, 30000, 1000000, 1700000};
    size_t i;
    size_t j;

    (void)state;
    for (i = 0; i < COUNT(waits); i++) {
        for (j = 0; j < COUNT(limits); j++) {
            desk_set_up(&desk, waits[i].script);
            desk.account.timeout_ms = limits[j];
            desk.now_ms = 0;
            desk_run(&desk);
            desk_assert(&desk, STINT_ERROR_TIMEOUT, waits[i].stage, waits[i].fate);
            assert_int_equal(desk.now_ms, limits[j]);
        }
    }
}

/* Whatever it costs, it is no error: the mail is accepted. */
static void quit_is_not_waited_for_long(void **state)
{
    static const struct {
        uint32_t timeout_ms, limit_ms;
    } cases[] = {{0, 10000}, {500, 500}, {10000, 10000}, {10001, 10000}, {300000, 10000}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE
                    "S: 250 Ok\nC: QUIT\n== silence ==\n");
        desk.account.timeout_ms = cases[i].timeout_ms;
        desk.now_ms = 0;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
        assert_int_equal(desk.now_ms, cases[i].limit_ms);
    }
}

/* RFC 5321 4.5.3.2 names none for it. */
static void the_reply_to_starttls_has_its_limit(void **state)
{
    (void)state;
    desk_set_up(&desk, "S: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250 STARTTLS\n"
                       "C: STARTTLS\n== silence ==\n");
    desk.account.security = STINT_SECURITY_STARTTLS;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_STARTTLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.now_ms, 120000);
}

/* Slow octets do not buy time: a deadline is for the whole reply, never for the next octet. */
static void a_reply_that_dribbles_has_one_deadline(void **state)
{
    static const char *const greetings[] = {
        "S: 220 \\{1000*x}\n",
        "S: 220-x\nS: 220-x\nS: 220-x\nS: 220-x\nS: 220-x\nS: 220-x\nS: 220-x\nS: 220 x\n",
    };
    uint32_t dribble;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(greetings); i++) {
        for (dribble = 10000; dribble < 300000; dribble += 13000) {
            desk_set_up(&desk, greetings[i]);
            desk.fake.dribble_ms = dribble;
            desk.now_ms = 0;
            desk_run(&desk);
            desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_GREETING, STINT_FATE_NOT_ACCEPTED);
            assert_int_equal(desk.now_ms, 300000);
        }
    }
}

/* Nor do slow records, of an octet each. */
static void also_inside_tls(void **state)
{
    (void)state;
    desk_set_up(&desk, "== TLS ==\nS: 220 \\{300*x}\n");
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.fake.dribble_ms = 7000;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_GREETING, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(desk.now_ms, 300000, 301000); /* from the end of the handshake on */
}

static void a_slow_server_is_served(void **state)
{
    uint32_t delay;

    (void)state;
    for (delay = 0; delay < 120000; delay += 7000) {
        desk_set_up(&desk, DESK_SESSION);
        desk.fake.delay_ms = delay;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    }
}

/* At the very last moment is early enough; and what is read in a step counts, however late the step
 * comes. */
static void the_deadline_itself(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.account.timeout_ms = 10000;
    desk.fake.delay_ms = 9999;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);

    desk_set_up(&desk, DESK_SESSION);
    desk.account.timeout_ms = 10000;
    desk.fake.delay_ms = 10001;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_GREETING, STINT_FATE_NOT_ACCEPTED);
}

static void a_late_step_still_reads(void **state)
{
    enum stint_progress progress;

    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
    do { /* 200 s for each step */
        desk.now_ms += 200000;
        desk.fake.now_ms = desk.fake.speaks_at = desk.now_ms;
        desk.account.deadline_ms = 0x7FFFFFFF;
        progress = stint_step(&desk.client, desk.now_ms);
    } while (progress == STINT_RUNNING && desk.fake.turn < desk.script.turn_count);
    assert_int_equal(desk.client.result.error, STINT_ERROR_NONE);
    assert_int_equal(desk.client.result.fate, STINT_FATE_ACCEPTED);
}

static void connecting_has_a_limit(void **state)
{
    static const struct {
        uint32_t timeout_ms, deadline_ms, limit_ms;
    } cases[] = {
        {0, 0, 60000}, {5000, 0, 5000}, {100000, 0, 100000}, {0, 3000, 3000}, {5000, 9000, 5000},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        desk_set_up(&desk, "");
        desk.fake.open_hangs = true;
        desk.account.timeout_ms = cases[i].timeout_ms;
        desk.account.deadline_ms = cases[i].deadline_ms;
        desk.now_ms = 0;
        stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
        stint_step(&desk.client, desk.now_ms);
        assert_int_equal(desk.fake.left_ms, cases[i].limit_ms);
        assert_int_equal(stint_wants(&desk.client), STINT_WANT_WRITE);
        assert_int_equal(stint_wait_ms(&desk.client, 1000), cases[i].limit_ms - 1000);
        stint_step(&desk.client, 1000);
        assert_int_equal(desk.fake.left_ms, cases[i].limit_ms - 1000);
        fake_io_run(&desk.fake, &desk.client, NULL, &desk.now_ms, "connecting");
        desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.now_ms, cases[i].limit_ms);
    }
}

static const struct transcript_turn deaf_server[] = {
    {TRANSCRIPT_ANY, NULL, 0, 0}, {TRANSCRIPT_SILENCE, NULL, 0, 0}, {TRANSCRIPT_END, NULL, 0, 0}};

static void the_handshake_has_a_limit(void **state)
{
    static const struct {
        uint32_t timeout_ms, deadline_ms, limit_ms;
    } cases[] = {{0, 0, 120000}, {5000, 0, 5000}, {0, 3000, 3000}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        desk_set_up(&desk, "");
        desk.fake.turns = deaf_server;
        desk.account.security = STINT_SECURITY_IMPLICIT;
        desk.account.timeout_ms = cases[i].timeout_ms;
        desk.account.deadline_ms = cases[i].deadline_ms;
        desk.now_ms = 0;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.now_ms, cases[i].limit_ms);
        assert_true(desk.fake.taken > 50); /* a ClientHello */
    }
}

/* No octet of a handshake buys time either. */
static void a_handshake_that_dribbles_has_one_deadline(void **state)
{
    /* the header of a handshake record, and then of a ServerHello that never comes to its end */
    static const char *const hello = "\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03";
    static char octets[2000];
    struct transcript_turn turns[] = {{TRANSCRIPT_ANY, NULL, 0, 0},
                                      {TRANSCRIPT_SERVER, octets, sizeof octets, sizeof octets},
                                      {TRANSCRIPT_END, NULL, 0, 0}};

    (void)state;
    memcpy(octets, hello, 11);
    desk_set_up(&desk, "");
    desk.fake.turns = turns;
    desk.fake.dribble_ms = 5000;
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.now_ms, 120000);
}

/* The transport takes no more of the message, of which there is more than a record. */
static void a_block_has_its_limit(void **state)
{
    static const char message[] = "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n"
                                  "0123456789012345678901234567890123456789012345678901234567890\n";

    (void)state;
    desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA "C: 012\\c\n== silence ==\n");
    fake_source_start(&desk.source, message, sizeof message - 1);
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.now_ms, 180000);
}

/* Each block has that time anew: a message may take longer than any one wait. */
static void every_block_has_its_own_time(void **state)
{
    static char script[4096];
    static char message[1900];
    size_t i;

    (void)state;
    memset(message, 'x', sizeof message);
    for (i = 99; i < sizeof message; i += 100) {
        message[i] = '\n';
    }
    message[sizeof message - 1] = '\n';
    strcpy(script, DESK_HELLO DESK_ENVELOPE DESK_DATA);
    for (i = 0; i < sizeof message; i += 100) {
        strcat(script, "C: \\{99*x}\n");
    }
    strcat(script, "C: .\nS: 250 Ok\n" DESK_QUIT);
    desk_set_up(&desk, script);
    fake_source_start(&desk.source, message, sizeof message);
    desk.fake.take_ms = 200; /* 597 octets: two minutes */
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_true(desk.now_ms > 360000);
}

/* What came before does not count: a wait begins with the phase, or with the reply, behind which
 * there is something to wait for. */
static void a_wait_begins_where_the_one_before_ends(void **state)
{
    (void)state;
    desk_set_up(&desk, "");
    desk.fake.turns = deaf_server;
    desk.fake.open_ms = 50000;
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.now_ms, 50000 + 120000);

    desk_set_up(&desk, "S: 220 mx\n== silence ==\n"); /* it takes nothing, not even EHLO */
    desk.fake.delay_ms = 100000;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_EHLO, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(desk.now_ms, 400000, 401000);
}

/* Nor does a server that takes a command slowly buy time: 25 octets of EHLO, 50 s apart. */
static void a_command_that_leaves_slowly_has_one_deadline(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.fake.take_ms = 50000;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_EHLO, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(desk.now_ms, 300000, 301000);
}

static void a_source_that_hangs_has_a_blocks_time(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA "C: Hello\n");
    desk.source.hangs = true;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.now_ms, 180000);
}

/* A session inside TLS up to the message, of which the server takes nothing, as it says in
 * `last_words` (NULL: without a word). Returns how long the client had patience. */
static uint32_t refuse_to_read(const char *last_words, bool one_buffer)
{
    struct transcript_turn *turn;

    desk_set_up(&desk, "== TLS ==\n" DESK_HELLO DESK_ENVELOPE DESK_DATA);
    turn = &desk.script.turns[desk.script.turn_count];
    turn->act = last_words != NULL ? TRANSCRIPT_EARLY : TRANSCRIPT_SILENCE;
    turn->octets = last_words;
    turn->length = last_words != NULL ? strlen(last_words) : 0;
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.client.out = one_buffer ? NULL : desk.out;
    desk.now_ms = 0;
    desk_run(&desk);
    return desk.now_ms;
}

/* Two buffers read them at once. One is full of what cannot leave: its record is given up when the
 * time of a block is over, and what the server had said before is read then. */
static void last_words_are_read(void **state)
{
    (void)state;
    assert_in_range(refuse_to_read("552 5.3.4 Too big\r\n", false), 0, 1000);
    desk_assert(&desk, STINT_ERROR_PERMANENT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.code, 552);

    assert_in_range(refuse_to_read("552 5.3.4 Too big\r\n", true), 180000, 181500);
    desk_assert(&desk, STINT_ERROR_PERMANENT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.code, 552);
    assert_string_equal(desk.text, "5.3.4 Too big");

    assert_in_range(refuse_to_read("250 2.0.0 Ok\r\n", true), 180000, 181500);
    desk_assert(&desk, STINT_ERROR_PROTOCOL, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
}

static void without_last_words_it_is_a_timeout(void **state)
{
    (void)state;
    assert_in_range(refuse_to_read(NULL, false), 180000, 181500);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(refuse_to_read(NULL, true), 180000, 181500);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(refuse_to_read("552 half a wo", true), 180000, 181500);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.code, 0);
}

/* All of it has a deadline, too, which no progress moves. */
static void the_session_has_a_deadline(void **state)
{
    static const uint32_t deadlines[] = {1, 1000, 60000, 400000, 2000000000};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(deadlines); i++) {
        desk_set_up(&desk, DESK_SESSION);
        desk.account.deadline_ms = deadlines[i];
        desk.fake.delay_ms = 100000;
        desk.now_ms = 0;
        desk_run(&desk);
        if (deadlines[i] < 700000) {
            assert_int_equal(desk.client.result.error, STINT_ERROR_TIMEOUT);
            assert_int_equal(desk.now_ms, deadlines[i]);
        } else {
            assert_int_equal(desk.client.result.error, STINT_ERROR_NONE);
        }
    }
}

/* 30 minutes, and a second more for each 1,000 octets written. */
static void the_default_deadline_grows_with_the_message(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE "== silence ==\n");
    desk.account.timeout_ms = 0x7FFFFFFF;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_TIMEOUT, STINT_STAGE_CONTENT, STINT_FATE_UNKNOWN);
    assert_int_equal(desk.now_ms, 1800000 + desk.fake.taken);
}

/* With the session's deadline past, a reply that is there is still read, but nothing is begun. */
static void a_deadline_does_not_change_what_was_decided(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE "S: 250 Ok\n"
                                                                       "C: QUIT\n== silence ==\n");
    desk.account.deadline_ms = 5000;
    desk.now_ms = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_int_equal(desk.now_ms, 5000);
}

/* Time is an argument: a clock that wraps in the middle makes no difference. */
static void the_clock_may_wrap(void **state)
{
    uint32_t begun;

    (void)state;
    for (begun = 0xFFFFFFFFU - 700000; begun > 0xFF000000U || begun < 1000; begun += 50000) {
        desk_set_up(&desk, DESK_SESSION);
        desk.fake.delay_ms = 100000;
        desk.now_ms = begun;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    }
}

/* ---- Computing ---- */

#define SCRAM_TLS                                                                                  \
    "== TLS ==\nS: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250 AUTH SCRAM-SHA-256\n"     \
    "C: AUTH SCRAM-SHA-256 biwsbj10aW0scj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n"                     \
    "S: 334 "                                                                                      \
    "cj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUF0YWlsLHM9YzJGc2RDQnZaaUIwYUdVZ2MyVmgsaT02MDAwMDA=\n"
/* r=AAAAAAAAAAAAAAAAAAAAAAAAtail,s=c2FsdCBvZiB0aGUgc2Vh,i=600000 */

static void be_known(void *context, unsigned kind, const uint8_t *octets, size_t length)
{
    (void)context, (void)octets, (void)length;
    if (desk.client.session.work != NULL && kind == STINT_TRACE_COMMAND) {
        memset(desk.tls.verify.memory.work.random, 0, 18);
    }
}

static void count(void *context)
{
    (*(unsigned *)context)++;
}

/* Steps, each of which takes so long, until it is done. Returns how many of them computed. */
static unsigned compute(uint32_t step_ms, unsigned *busy)
{
    unsigned steps = 0;
    bool computes;

    desk_set_up(&desk, SCRAM_TLS "C: *\n"); /* what it says then is not looked at */
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.account.user = "tim";
    desk.account.password = "tanstaaftanstaaf";
    desk.client.trace = be_known;
    desk.tls.busy = count;
    desk.tls.busy_context = busy;
    stint_start(&desk.client, &desk.account, NULL, desk.now_ms);
    do {
        computes = stint_sasl_computes(desk.client.session.work);
        if (computes) {
            *busy = steps == 0 ? 0 : *busy;
            assert_int_equal(stint_wants(&desk.client), STINT_WANT_NOTHING);
            assert_int_equal(stint_wait_ms(&desk.client, desk.now_ms), 0);
            desk.now_ms += step_ms;
            steps++;
        }
    } while (stint_step(&desk.client, desk.now_ms) == STINT_RUNNING &&
             (steps == 0 || stint_sasl_computes(desk.client.session.work)));
    return steps;
}

/* A server may ask for much of it: none of that in one step, and not for longer than a reply. */
static void computing_has_a_deadline(void **state)
{
    unsigned busy = 0;

    (void)state;
    /* 599,999 iterations, 64 at a time; the first ones in the step that read how many */
    assert_int_equal(compute(1, &busy), 9374);
    assert_int_equal(busy, 9374);
    assert_int_equal(desk.client.result.error, STINT_ERROR_NONE);

    assert_int_equal(compute(1000, &busy), 121); /* and the one that closes */
    assert_int_equal(desk.client.result.error, STINT_ERROR_TIMEOUT);
    assert_int_equal(desk.client.result.stage, STINT_STAGE_AUTH);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_wait_has_its_limit),
        cmocka_unit_test(timeout_ms_is_for_each_wait),
        cmocka_unit_test(quit_is_not_waited_for_long),
        cmocka_unit_test(the_reply_to_starttls_has_its_limit),
        cmocka_unit_test(a_reply_that_dribbles_has_one_deadline),
        cmocka_unit_test(also_inside_tls),
        cmocka_unit_test(a_slow_server_is_served),
        cmocka_unit_test(the_deadline_itself),
        cmocka_unit_test(a_late_step_still_reads),
        cmocka_unit_test(connecting_has_a_limit),
        cmocka_unit_test(the_handshake_has_a_limit),
        cmocka_unit_test(a_handshake_that_dribbles_has_one_deadline),
        cmocka_unit_test(a_block_has_its_limit),
        cmocka_unit_test(every_block_has_its_own_time),
        cmocka_unit_test(a_wait_begins_where_the_one_before_ends),
        cmocka_unit_test(a_command_that_leaves_slowly_has_one_deadline),
        cmocka_unit_test(a_source_that_hangs_has_a_blocks_time),
        cmocka_unit_test(last_words_are_read),
        cmocka_unit_test(without_last_words_it_is_a_timeout),
        cmocka_unit_test(the_session_has_a_deadline),
        cmocka_unit_test(the_default_deadline_grows_with_the_message),
        cmocka_unit_test(a_deadline_does_not_change_what_was_decided),
        cmocka_unit_test(the_clock_may_wrap),
        cmocka_unit_test(computing_has_a_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
