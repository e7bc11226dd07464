/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one transcript so many failures are printed; the others are counted. */
#define FAILURES_SHOWN 10

unsigned long sweep_every = 1;

/*
 * The cases of one sweep differ in where the one fault happens. So the session without a fault is
 * played once, step by step, and each case begins at the last step before its fault.
 */
struct sweep {
    const struct play *play;
    struct tally *tally;
    struct manner manner;
    enum counter counter;
    bool has_base;
};

/* The last step before the fault. / The last step of a handshake. */
static struct world base;
static struct world shaken;

static unsigned long number; /* of the case, in all sweeps */

void sweep_print_name(const struct play *play, char *text, size_t room)
{
    snprintf(text, room, "%s:%s", play->name, play->script.has_tls ? "tls" : "clear");
}

static void report(const struct sweep *sweep)
{
    char name[120];
    char what[120];

    if (sweep->tally->failures++ < FAILURES_SHOWN) {
        sweep_print_name(sweep->play, name, sizeof name);
        kind_print(&world.fault, what, sizeof what);
        printf("FAIL %s:%s: %s\n", name, what, world.wrong);
    }
}

/* To the last step before the handshake is done, once for each kind of handshake. */
static void shake_hands(const struct sweep *sweep)
{
    const struct manner plain = {.one_buffer = sweep->manner.one_buffer, .rsa = sweep->manner.rsa};
    const struct fault_case whole = {KIND_WHOLE, 0, plain};

    if (shaken.play == sweep->play && shaken.fault.manner.one_buffer == plain.one_buffer &&
        shaken.fault.manner.rsa == plain.rsa) {
        return;
    }
    world_start(sweep->play, &whole);
    while (!world.rule.secure && !world.is_done) {
        world_save(&shaken);
        world_step();
    }
}

static void begin(struct sweep *sweep, const struct fault_case *one)
{
    if (sweep->manner.late) {
        shake_hands(sweep);
        world_restore(&shaken);
        world_set_fault(one);
    } else {
        world_start(sweep->play, one);
    }
}

/* Goes on to the last step at which less than `at` has been counted. */
static void approach(struct sweep *sweep, size_t at)
{
    const struct fault_case whole = {KIND_WHOLE, 0, sweep->manner};

    if (!sweep->has_base) {
        begin(sweep, &whole);
        world_save(&base);
        sweep->has_base = true;
    }
    world_restore(&base);
    while (!world.is_done) {
        world_step();
        if (world_count(sweep->counter) >= at) {
            return;
        }
        world_save(&base);
    }
}

static void finish(const struct sweep *sweep)
{
    world_run();
    sweep->tally->cases++;
    if (!world_is_right()) {
        report(sweep);
    }
}

/* Is this case one of the transcript's? */
static bool makes_sense(const struct play *play, const struct fault_case *one)
{
    const struct piece *piece = script_reply(&play->script, one->at);
    bool is_half_duplex = play->script.has_tls && one->manner.one_buffer;

    switch (one->kind->swap) {
    case SWAP_TEXT: return piece != NULL && piece->length > 3 && atoi(piece->octets) > 99;
    case SWAP_AWAY: return piece != NULL && (piece->answers > 0 || one->at == 1);
    case SWAP_TWICE:
        return piece != NULL && script_is_reply(piece) && 2 * piece->length <= sizeof world.instead;
    default: break;
    }
    if (one->kind->mishap == MISHAP_INTERRUPTS) {
        return !is_half_duplex; /* it could not be heard in the middle of a record */
    }
    switch (one->kind->trouble) {
    case TROUBLE_OTHER_NAME:
    case TROUBLE_ENTROPY: return play->script.has_tls;
    case TROUBLE_SOURCE: return play->transcript.mail_count > 0;
    default: return true;
    }
}

static bool is_due(void)
{
    return number++ % sweep_every == 0;
}

/* Every kind of fault at one place. */
static void at_one_place(struct sweep *sweep, size_t at)
{
    bool is_near = false;
    size_t i;

    for (i = 0; i < kind_count; i++) {
        const struct fault_case one = {&kinds[i], at, sweep->manner};

        if (kinds[i].counter != sweep->counter || kinds[i].mishap == MISHAP_FLIPS ||
            !makes_sense(sweep->play, &one) || !is_due()) {
            continue;
        }
        if (!is_near) {
            approach(sweep, at);
            is_near = true;
        }
        world_restore(&base);
        world_set_fault(&one);
        finish(sweep);
    }
}

/* From its beginning, or from the end of the handshake. */
static void whole(struct sweep *sweep, const struct kind *kind)
{
    const struct fault_case one = {kind, 0, sweep->manner};

    if (makes_sense(sweep->play, &one)) {
        begin(sweep, &one);
        finish(sweep);
    }
}

/* ---- Places: everywhere, but inside records, which are opaque, only around their ends ---- */

/* What a session without a fault comes to. */
struct measures {
    size_t clear[COUNTERS];  /* when the handshake begins; or all, if there is none */
    size_t secure[COUNTERS]; /* before the last step of the handshake */
    size_t all[COUNTERS];
    struct record_ends down_ends, up_ends;
    size_t shaken_down;
};

static void count_all(size_t *counts)
{
    unsigned counter;

    for (counter = 0; counter < COUNTERS; counter++) {
        counts[counter] = world_count((enum counter)counter);
    }
}

static void measure(struct sweep *sweep, struct measures *measures)
{
    const struct fault_case whole = {KIND_WHOLE, 0, sweep->manner};

    world_start(sweep->play, &whole);
    while (!world.is_done) {
        if (!world.port.in_tls) {
            count_all(measures->clear);
        }
        if (!world.rule.secure) {
            count_all(measures->secure);
        }
        world_step();
    }
    count_all(measures->all);
    measures->down_ends = world.port.down_ends;
    measures->up_ends = world.port.up_ends;
    measures->shaken_down = world.port.shaken_down;
}

/* From `from` to before `end`. */
static void everywhere(struct sweep *sweep, enum counter counter, size_t from, size_t end)
{
    size_t at;

    sweep->counter = counter;
    sweep->has_base = false;
    for (at = from; at < end; at++) {
        at_one_place(sweep, at);
    }
}

static void around_ends(struct sweep *sweep, enum counter counter, const struct record_ends *ends,
                        size_t from)
{
    size_t next = from;
    size_t at;
    size_t i;

    sweep->counter = counter;
    sweep->has_base = false;
    for (i = 0; i < ends->count; i++) {
        for (at = ends->ends[i] - 1; at <= ends->ends[i] + 1; at++) {
            if (at >= next && at < ends->ends[ends->count - 1]) {
                at_one_place(sweep, at);
                next = at + 1;
            }
        }
    }
}

/* An octet of a record is changed: of its head (but for its length: then the client waits for more,
 * or takes the next record for the rest of this one), at its beginning, and at its end. */
static void flip_records(struct sweep *sweep, const struct measures *measures, size_t from)
{
    struct fault_case one = {kind_named("flips", 5), 0, sweep->manner};
    const struct record_ends *ends = &measures->down_ends;
    size_t i;
    size_t j;

    sweep->counter = COUNT_DOWN;
    sweep->has_base = false;
    for (i = 0; i + 1 < ends->count; i++) {
        const size_t places[] = {ends->ends[i], ends->ends[i] + 1, ends->ends[i] + 5,
                                 ends->ends[i + 1] - 1};

        for (j = 0; j < sizeof places / sizeof places[0]; j++) {
            /* what a changed octet of a handshake message means is BearSSL's affair */
            bool is_ours = j <= 1 || places[j] >= measures->shaken_down;

            one.at = places[j];
            if (one.at >= from && is_ours && is_due()) {
                approach(sweep, one.at);
                world_restore(&base);
                world_set_fault(&one);
                finish(sweep);
            }
        }
    }
}

/* ---- What is played of a transcript ---- */

static size_t longest_piece(const struct play *play)
{
    size_t longest = 1;
    size_t i;

    for (i = 0; i < play->script.count; i++) {
        if (play->script.pieces[i].length > longest) {
            longest = play->script.pieces[i].length;
        }
    }
    return longest;
}

static void every_split(struct sweep *sweep)
{
    size_t longest = longest_piece(sweep->play);
    size_t split;
    unsigned manner;

    for (manner = 0; manner < 8; manner++) {
        sweep->manner.again = (manner & 1) != 0;
        sweep->manner.one_buffer = (manner & 2) != 0;
        sweep->manner.prompt = (manner & 4) != 0;
        for (split = 0; split <= longest && play_allows(sweep->play, &sweep->manner); split++) {
            sweep->manner.most = split;
            if (is_due()) {
                whole(sweep, KIND_WHOLE);
            }
        }
    }
}

/* Those that happen at one place only; they are few, and always played. */
static void once_each(struct sweep *sweep)
{
    size_t i;

    for (i = 1; i < kind_count; i++) {
        if (kinds[i].counter == COUNT_NOTHING) {
            whole(sweep, &kinds[i]);
        }
    }
}

/* Where it is in clear from the beginning, or as far as it is. */
static void faults_in_clear(struct sweep *sweep, const size_t *counts)
{
    everywhere(sweep, COUNT_DOWN, 0, counts[COUNT_DOWN]);
    everywhere(sweep, COUNT_UP, 0, counts[COUNT_UP]);
    everywhere(sweep, COUNT_STEPS, 0, counts[COUNT_STEPS]);
    everywhere(sweep, COUNT_CALLS, 1, counts[COUNT_CALLS] + 1);
    everywhere(sweep, COUNT_READS, 1, counts[COUNT_READS] + 1);
    everywhere(sweep, COUNT_REWINDS, 1, counts[COUNT_REWINDS] + 1);
    everywhere(sweep, COUNT_REPLIES, 1, counts[COUNT_REPLIES] + 1);
    once_each(sweep);
}

/* From the end of the handshake on. */
static void faults_once_secure(struct sweep *sweep, const struct measures *measures)
{
    const size_t *from = measures->secure;
    const size_t *end = measures->all;

    sweep->manner.late = true;
    around_ends(sweep, COUNT_DOWN, &measures->down_ends, from[COUNT_DOWN] + 1);
    around_ends(sweep, COUNT_UP, &measures->up_ends, from[COUNT_UP] + 1);
    flip_records(sweep, measures, from[COUNT_DOWN] + 1);
    everywhere(sweep, COUNT_STEPS, from[COUNT_STEPS] + 1, end[COUNT_STEPS]);
    everywhere(sweep, COUNT_CALLS, from[COUNT_CALLS] + 1, end[COUNT_CALLS] + 1);
    everywhere(sweep, COUNT_READS, 1, end[COUNT_READS] + 1);
    everywhere(sweep, COUNT_REWINDS, 2, end[COUNT_REWINDS] + 1);
    everywhere(sweep, COUNT_REPLIES, from[COUNT_REPLIES] + 1, end[COUNT_REPLIES] + 1);
    sweep->manner.late = false;
}

/* Up to the end of the handshake, all that are wrapped are alike. */
static bool is_alike(const struct sweep *sweep)
{
    static const char *first;
    static char name[sizeof sweep->play->name];

    if (!sweep->play->is_wrapped) {
        return false;
    }
    if (first == NULL) {
        first = strcpy(name, sweep->play->name);
    }
    return strcmp(name, sweep->play->name) != 0;
}

static void every_fault(struct sweep *sweep)
{
    struct measures measures;

    if (is_alike(sweep)) {
        sweep->manner.late = true;
        whole(sweep, kind_named("time-stands", 11));
    } else {
        measure(sweep, &measures);
        faults_in_clear(sweep, sweep->play->is_thorough ? measures.all : measures.clear);
    }
    if (sweep->play->is_thorough) {
        flip_records(sweep, &measures, 0);
    } else if (sweep->play->script.has_tls) {
        sweep->manner.late = true;
        measure(sweep, &measures);
        faults_once_secure(sweep, &measures);
    }
}

void sweep(const struct play *play, struct tally *tally)
{
    static const struct manner manners[] = {{.most = 0},
                                            {.again = true},
                                            {.most = 1, .one_buffer = true},
                                            {.prompt = true},
                                            {.rsa = true}};
    struct sweep sweep = {.play = play, .tally = tally};
    size_t i;

    memset(&shaken, 0, sizeof shaken);
    sweep.manner.late = play->script.has_tls;
    every_split(&sweep);
    for (i = 0; i < sizeof manners / sizeof manners[0]; i++) {
        sweep.manner = manners[i];
        sweep.manner.one_buffer = manners[i].one_buffer && !play->transcript.has_early_in_tls;
        if (play_allows(play, &sweep.manner) && (!manners[i].rsa || play->is_thorough)) {
            every_fault(&sweep);
        }
    }
}
