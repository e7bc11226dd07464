/* SPDX-License-Identifier: MIT */

/* A server that has had enough of a long message says 421 or 552, and reads no more: wherever in
 * the message that is, its words are heard, in time, and the message is not completed. With one
 * buffer for both directions they cannot be read before the record that does not leave is given up.
 */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

/* RFC 5321 4.5.3.2.5, and the moment that is given to last words. */
#define BLOCK_MS  180000U
#define MOMENT_MS 1000U

#define BODY_OCTETS                                                                                \
    10000 /* some twenty records of the small layouts, and one of the large ones                   \
           */
static char body[BODY_OCTETS];

/* What it says, and how it leaves. */
static const struct words {
    const char *text;
    enum stint_error error;
    unsigned code;
    const char *told;
} all_words[] = {
    {"421 4.3.2 Going down\r\n", STINT_ERROR_TEMPORARY, 421, "4.3.2 Going down"},
    {"552 5.3.4 Too much\r\n", STINT_ERROR_PERMANENT, 552, "5.3.4 Too much"},
    {"452-4.3.1 The disk\r\n452 4.3.1 is full\r\n", STINT_ERROR_TEMPORARY, 452,
     "4.3.1 The disk\n4.3.1 is full"},
};
enum leaving { STAYS, CLOSES, BREAKS_OFF, LEAVING };

static const struct words *words;
static enum leaving leaving;
static size_t up_before; /* taken when the message began */
static size_t credit;    /* of the message, before no more is taken */
static size_t taken;     /* when the words were said */
static bool were_said;

static void say_words(struct tls_wire *w)
{
    static const uint8_t close_notify[] = {1, 0};

    were_said = true;
    taken = w->up_length;
    tls_wire_seal(w, TLS_APPLICATION_DATA, words->text, strlen(words->text));
    if (leaving == CLOSES) {
        tls_wire_seal(w, TLS_ALERT, close_notify, sizeof close_notify);
    }
    w->is_over = leaving != STAYS;
}

static bool limit_credit(struct tls_wire *w, enum tls_wire_point point)
{
    tls_wire_reply(w);
    if (point == TLS_WIRE_DATA) {
        up_before = w->up_length;
        w->credit = credit;
        w->started = w->now;
    }
    return false;
}

static void start(const struct tls_wire_layout *layout)
{
    size_t i;

    for (i = 0; i < sizeof body; i++) {
        body[i] = i % 80 == 78 ? '\r' : i % 80 == 79 ? '\n' : (char)('a' + i % 7);
    }
    were_said = false;
    tls_wire_secure(&wire, layout);
    wire.source.text = body;
    wire.source.length = sizeof body;
    wire.answer = limit_credit;
    wire.end = leaving == BREAKS_OFF ? STINT_IO_FAILED : STINT_IO_CLOSED;
}

/* What the message takes up on the wire, and where in that each of its records ends. */
static size_t ends[40];
static size_t end_count;

static void measure(const struct tls_wire_layout *layout)
{
    size_t i;

    credit = SIZE_MAX;
    leaving = STAYS;
    start(layout);
    tls_wire_go_on(&wire);
    tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "whole");
    end_count = 0;
    for (i = up_before; wire.up[i] == TLS_APPLICATION_DATA && end_count < COUNT(ends);) {
        /* the large length is the message's; QUIT's record is behind the last */
        i += TLS_HEAD + ((size_t)wire.up[i + 3] << 8 | wire.up[i + 4]);
        ends[end_count++] = i - up_before;
    }
    end_count--;
    assert_true(end_count >= (layout->out_size == STINT_OUT_MIN ? 20 : 1));
}

static void judge_heard(uint32_t limit_ms, const char *how)
{
    char what[80];

    sprintf(what, "%s, at octet %zu, leaving %d", how, credit, (int)leaving);
    assert_true(were_said);
    tls_wire_judge_words(&wire, words->error, words->code, what);
    assert_int_equal(wire.client.result.fate, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(wire.recipient.code, words->code);
    assert_string_equal(wire.text, words->told);
    if (wire.now - wire.started > limit_ms) {
        fail_msg("%s: after %u ms", what, (unsigned)(wire.now - wire.started));
    }
    assert_false(wire.has_message);
}

/* At the start of each record, at its end, and in it; and between. */
static void at_every_record(const struct tls_wire_layout *layout, void (*at)(void))
{
    size_t i;
    size_t start_of_record = 0;

    measure(layout);
    for (i = 0; i < end_count; i++) {
        for (words = all_words; words < all_words + COUNT(all_words); words++) {
            for (leaving = STAYS; leaving < LEAVING; leaving++) {
                const size_t credits[] = {start_of_record, start_of_record + 1,
                                          start_of_record + TLS_HEAD,
                                          (start_of_record + ends[i]) / 2, ends[i] - 1};
                size_t j;

                for (j = 0; j < COUNT(credits); j++) {
                    credit = credits[j];
                    start(layout);
                    at();
                }
            }
        }
        start_of_record = ends[i];
    }
}

static bool has_one_buffer(void)
{
    return wire.layout->out_size == 0;
}

/* ---- It takes no more ---- */

static uint32_t say_words_when_blocked(struct tls_wire *w)
{
    if (w->credit > 0 || were_said) {
        return 0;
    }
    say_words(w);
    return 10;
}

static void blocked(void)
{
    wire.idle = say_words_when_blocked;
    tls_wire_go_on(&wire);
    judge_heard(has_one_buffer() ? BLOCK_MS + MOMENT_MS : 100, "blocked");
    assert_int_equal(wire.up_length, taken);
}

static void blocked_by_a_short_deadline(void)
{
    wire.account.timeout_ms = 5000;
    wire.idle = say_words_when_blocked;
    tls_wire_go_on(&wire);
    judge_heard(has_one_buffer() ? 5000 + MOMENT_MS : 100, "short deadline");
    assert_int_equal(wire.up_length, taken);
}

static void a_server_that_reads_no_more_is_heard(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        at_every_record(&tls_wire_layouts[layout], blocked);
        at_every_record(&tls_wire_layouts[layout], blocked_by_a_short_deadline);
    }
}

/* ---- It takes more again, but too late ---- */

/* When the client looks for words for the last time, they are there; and what has been given up
 * could leave again, but must not. */
static void say_words_at_last(struct tls_wire *w)
{
    if (w->credit == 0 && !were_said) {
        say_words(w);
        w->credit = SIZE_MAX;
    }
}

static void at_last(void)
{
    wire.flood = say_words_at_last;
    tls_wire_go_on(&wire);
    judge_heard(BLOCK_MS + MOMENT_MS, "at last");
    assert_int_equal(wire.up_length, taken);
}

static void what_was_given_up_does_not_leave_any_more(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        if (tls_wire_layouts[layout].out_size == 0) {
            at_every_record(&tls_wire_layouts[layout], at_last);
        }
    }
}

/* ---- It takes everything, but hears nothing ---- */

static uint32_t say_words_and_take_all(struct tls_wire *w)
{
    if (w->credit > 0) {
        return 0;
    }
    if (!were_said) {
        say_words(w);
    } else {
        w->credit = SIZE_MAX;
    }
    return 10;
}

/* Then at most the record under way leaves before they are read, and no other is begun: so without
 * the last one the message is not complete. */
static void taken_all(void)
{
    size_t i = 0;

    while (ends[i] <= credit) {
        i++;
    }
    if (i + 1 == end_count && has_one_buffer()) {
        return; /* that record is the last one */
    }
    wire.idle = say_words_and_take_all;
    tls_wire_go_on(&wire);
    judge_heard(100, "taken all");
    assert_true(wire.up_length - up_before <= ends[i]);
}

static void words_in_the_midst_of_a_message_stop_it(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        at_every_record(&tls_wire_layouts[layout], taken_all);
    }
}

/* ---- It takes everything in the moment in which it is heard ---- */

static uint8_t record[TLS_HEAD + 100 + TLS_OVERHEAD];
static size_t record_length;

static uint32_t take_all_with_the_last_octet(struct tls_wire *w)
{
    if (w->credit > 0) {
        return 0;
    }
    if (!were_said) {
        were_said = true;
        taken = w->up_length;
        record_length = tls_server_seal(&w->server, TLS_APPLICATION_DATA, words->text,
                                        strlen(words->text), record);
        tls_wire_put(w, record, record_length - 1);
    } else {
        tls_wire_put(w, record + record_length - 1, 1);
        w->credit = SIZE_MAX;
    }
    return 10;
}

static void taken_in_that_moment(void)
{
    wire.idle = take_all_with_the_last_octet;
    tls_wire_go_on(&wire);
    judge_heard(100, "in that moment");
    assert_int_equal(wire.up_length, taken);
}

/* The record that waits does not leave after all: it may be the one with the final dot. */
static void what_waits_when_it_is_heard_does_not_leave(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        if (tls_wire_layouts[layout].out_size > 0) {
            at_every_record(&tls_wire_layouts[layout], taken_in_that_moment);
        }
    }
}

/* ---- The source pauses ---- */

static uint32_t say_words_in_the_pause(struct tls_wire *w)
{
    if (were_said) {
        return 0;
    }
    say_words(w);
    return 10;
}

static void a_source_that_pauses_keeps_nobody_from_hearing_them(void **state)
{
    size_t layout;
    size_t at;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (words = all_words; words < all_words + COUNT(all_words); words++) {
            for (leaving = STAYS; leaving < LEAVING; leaving++) {
                for (at = 0; at <= sizeof body; at += 250) {
                    credit = SIZE_MAX;
                    start(&tls_wire_layouts[layout]);
                    wire.source.length = at;
                    wire.source.hangs = true;
                    wire.idle = say_words_in_the_pause;
                    tls_wire_go_on(&wire);
                    judge_heard(100, "pause");
                }
            }
        }
    }
}

/* ---- It says nothing ---- */

static void silent(void)
{
    char how[50];

    if (words != all_words || leaving != STAYS) {
        return;
    }
    sprintf(how, "silent from %zu on", credit);
    tls_wire_go_on(&wire);
    tls_wire_judge(&wire, STINT_ERROR_TIMEOUT, 0, how);
    assert_int_equal(wire.client.result.fate, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(wire.now - wire.started, BLOCK_MS, BLOCK_MS + MOMENT_MS + 100);
    assert_int_equal(wire.up_length - up_before, credit);
}

static void a_silent_server_is_not_waited_for_longer(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        at_every_record(&tls_wire_layouts[layout], silent);
    }
}

/* ---- It never comes to an end of them ---- */

static void go_on_talking(struct tls_wire *w)
{
    if (w->credit == 0) {
        tls_wire_seal(w, TLS_APPLICATION_DATA, "421-Bye\r\n", 9);
        w->step_ms = 20;
    }
}

/* After the block's time there is a moment for last words, and no more. */
static void endless(void)
{
    char how[50];

    if (words != all_words || leaving != STAYS || credit % 2 == 0) {
        return;
    }
    sprintf(how, "endless from %zu on", credit);
    wire.flood = go_on_talking;
    tls_wire_go_on(&wire);
    tls_wire_judge(&wire, STINT_ERROR_TIMEOUT, 0, how);
    assert_int_equal(wire.client.result.fate, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(wire.now - wire.started, BLOCK_MS, BLOCK_MS + MOMENT_MS + 200);
    assert_int_equal(wire.up_length - up_before, credit);
}

static void a_server_that_goes_on_talking_is_left(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        at_every_record(&tls_wire_layouts[layout], endless);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_reads_no_more_is_heard),
        cmocka_unit_test(what_was_given_up_does_not_leave_any_more),
        cmocka_unit_test(words_in_the_midst_of_a_message_stop_it),
        cmocka_unit_test(what_waits_when_it_is_heard_does_not_leave),
        cmocka_unit_test(a_source_that_pauses_keeps_nobody_from_hearing_them),
        cmocka_unit_test(a_silent_server_is_not_waited_for_longer),
        cmocka_unit_test(a_server_that_goes_on_talking_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
