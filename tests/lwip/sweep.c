/* SPDX-License-Identifier: MIT */
/*
 * sweep [EVERY | CASE]: sessions over lwIP, in each of which one thing goes wrong: every thing at
 * every place where it can, or only one in EVERY of all these. Prints each case that does not come
 * out as it must, and last
 *
 *     N cases, N accepted, N not accepted, N unknown, N failures
 *
 * A case is FLAVOUR:KIND@PLACE, such as tls:lost-out@7, and can be run alone. Returns 0 if there
 * were no failures, 1 if there were, 2 for nonsense.
 */
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const flavours[] = {"clear", "tls", "one-buffer"};
#define FLAVOUR_COUNT (sizeof flavours / sizeof flavours[0])

/* What is counted, to have a case at each place. */
enum counter { FRAMES_OUT, FRAMES_IN, ALLOCATIONS, STEPS, WINDOWS, ONCE, COUNTER_COUNT };

/* What must come of it. */
enum outcome {
    DELIVERED, /* nothing shows */
    TRUE,      /* it may end anywhere; what is told is true */
    ABORTED    /* and, unless all was over, it was the caller's wish */
};

/* The windows that a peer may open at most. */
static const uint16_t windows[] = {2, 7, 100, 300, 535, 600, 1200};

struct kind {
    const char *name;
    enum counter counter;
    enum outcome outcome;
    enum accident accident;
    unsigned length; /* in frames, or ms */
};
static const struct kind kinds[] = {
    {"as-it-should-be", ONCE, DELIVERED, ACCIDENT_NONE, 0},
    {"lost-out", FRAMES_OUT, DELIVERED, ACCIDENT_LOST, 1},
    {"lost-in", FRAMES_IN, DELIVERED, ACCIDENT_LOST, 1},
    {"2-lost-out", FRAMES_OUT, DELIVERED, ACCIDENT_LOST, 2},
    {"2-lost-in", FRAMES_IN, DELIVERED, ACCIDENT_LOST, 2},
    {"twice-out", FRAMES_OUT, DELIVERED, ACCIDENT_TWICE, 1},
    {"twice-in", FRAMES_IN, DELIVERED, ACCIDENT_TWICE, 1},
    {"late-out", FRAMES_OUT, DELIVERED, ACCIDENT_LATE, 1},
    {"late-in", FRAMES_IN, DELIVERED, ACCIDENT_LATE, 1},
    {"busy", FRAMES_OUT, DELIVERED, ACCIDENT_BUSY, 1},
    {"3-busy", FRAMES_OUT, DELIVERED, ACCIDENT_BUSY, 3},
    {"no-memory", ALLOCATIONS, DELIVERED, ACCIDENT_NONE, 0},
    {"no-memory-for-2-s", ALLOCATIONS, DELIVERED, ACCIDENT_NONE, 2000},
    {"window", WINDOWS, DELIVERED, ACCIDENT_NONE, 0},
    {"reset-out", FRAMES_OUT, TRUE, ACCIDENT_RESET, 1},
    {"reset-in", FRAMES_IN, TRUE, ACCIDENT_RESET, 1},
    {"cut-out", FRAMES_OUT, TRUE, ACCIDENT_CUT, 1},
    {"cut-in", FRAMES_IN, TRUE, ACCIDENT_CUT, 1},
    {"abort", STEPS, ABORTED, ACCIDENT_NONE, 0},
    {"250-then-reset", ONCE, DELIVERED, ACCIDENT_NONE, 0},
    {"250-then-close", ONCE, DELIVERED, ACCIDENT_NONE, 0},
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static unsigned cases, failures, passed_over;
static unsigned fates[3];

static void set_up(const struct kind *kind, unsigned at)
{
    wire.accident = kind->accident;
    wire.direction = kind->counter == FRAMES_IN ? IN : OUT;
    wire.at = at;
    wire.length = kind->length;
    if (kind->counter == ALLOCATIONS) {
        place.fail_at = at;
        place.fail_ms = kind->length;
    } else if (kind->counter == STEPS) {
        place.abort_at = at;
    } else if (kind->counter == WINDOWS) {
        wire.window = windows[at - 1];
    } else if (strcmp(kind->name, "250-then-reset") == 0) {
        place.mx.after_dot = MX_RESETS;
    } else if (strcmp(kind->name, "250-then-close") == 0) {
        place.mx.after_dot = MX_CLOSES;
    }
}

static bool has_message(void)
{
    return place.mx.message_length == place_message_length &&
           memcmp(place.mx.message, place_message, place_message_length) == 0;
}

/* What is wrong with what came of it; NULL: nothing. */
static const char *judge(enum outcome outcome)
{
    const struct stint_result *result = &place.result;
    bool accepted = place.mx.accepted > 0;

    if (place.lasted) {
        return "it lasted too long";
    }
    if (wire.differs) {
        return "what was sent again was not the same";
    }
    if (place.lost_memory) {
        return "lwIP has lost memory";
    }
    if (place.mx.accepted > 1 || (accepted && !has_message())) {
        return "another message arrived";
    }
    if (result->fate == STINT_FATE_ACCEPTED && !accepted) {
        return "accepted, it says, and it was not";
    }
    if (result->fate == STINT_FATE_NOT_ACCEPTED && accepted) {
        return "not accepted, it says, and it was";
    }
    if (outcome == DELIVERED &&
        (result->error != STINT_ERROR_NONE || result->fate != STINT_FATE_ACCEPTED)) {
        return "it was not delivered";
    }
    if (outcome == ABORTED && result->error != STINT_ERROR_NONE &&
        result->error != STINT_ERROR_ABORTED) {
        return "it was not aborted";
    }
    return NULL;
}

static void run(enum flavour flavour, const struct kind *kind, unsigned at, bool shows)
{
    const char *wrong;

    place_start(flavour);
    set_up(kind, at);
    place_run();
    place_finish();
    wrong = judge(kind->outcome);
    cases++;
    fates[place.result.fate]++;
    failures += wrong != NULL;
    if (wrong != NULL || shows) {
        printf("%s%s:%s@%u: %s at %s, %s (lwIP %d), in %u steps and %u ms; the server has %u%s%s\n",
               wrong != NULL ? "FAIL " : "", flavours[flavour], kind->name, at,
               stint_error_name(place.result.error), stint_stage_name(place.result.stage),
               stint_fate_name(place.result.fate), place.error, place.steps,
               (unsigned)place.took_ms, place.mx.accepted, wrong != NULL ? ": " : "",
               wrong != NULL ? wrong : "");
    }
}

/* How many places there are: as a session without a fault has them. */
static void count(enum flavour flavour, unsigned counts[COUNTER_COUNT])
{
    place_start(flavour);
    place_run();
    place_finish();
    counts[FRAMES_OUT] = wire.frames[OUT];
    counts[FRAMES_IN] = wire.frames[IN];
    counts[ALLOCATIONS] = place.allocations;
    counts[STEPS] = place.steps;
    counts[WINDOWS] = sizeof windows / sizeof windows[0];
    counts[ONCE] = 1;
}

static void run_all(unsigned every)
{
    unsigned counts[COUNTER_COUNT];

    for (size_t flavour = 0; flavour < FLAVOUR_COUNT; flavour++) {
        count((enum flavour)flavour, counts);
        for (size_t kind = 0; kind < KIND_COUNT; kind++) {
            for (unsigned at = 1; at <= counts[kinds[kind].counter]; at++) {
                if (passed_over++ % every == 0) {
                    run((enum flavour)flavour, &kinds[kind], at, false);
                }
            }
        }
    }
}

static bool run_one(const char *id)
{
    char flavour[20], kind[20];
    unsigned at;
    char end;

    if (sscanf(id, "%19[^:]:%19[^@]@%u%c", flavour, kind, &at, &end) != 3 || at == 0) {
        return false;
    }
    for (size_t i = 0; i < FLAVOUR_COUNT * KIND_COUNT; i++) {
        if (strcmp(flavour, flavours[i % FLAVOUR_COUNT]) == 0 &&
            strcmp(kind, kinds[i / FLAVOUR_COUNT].name) == 0) {
            run((enum flavour)(i % FLAVOUR_COUNT), &kinds[i / FLAVOUR_COUNT], at, true);
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    int every = argc > 1 ? atoi(argv[1]) : 1;
    bool known = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    place_set_up(false);
    if (argc <= 2 && every > 0) {
        run_all((unsigned)every);
    } else {
        known = argc == 2 && run_one(argv[1]);
    }
    place_tear_down();
    if (!known) {
        fprintf(stderr, "usage: sweep [EVERY | FLAVOUR:KIND@PLACE]\n");
        return 2;
    }
    printf("%u cases, %u accepted, %u not accepted, %u unknown, %u failures\n", cases,
           fates[STINT_FATE_ACCEPTED], fates[STINT_FATE_NOT_ACCEPTED], fates[STINT_FATE_UNKNOWN],
           failures);
    return failures > 0;
}
