/* SPDX-License-Identifier: MIT */
#include "matrix.h"

#include <stdio.h>
#include <string.h>

#include "stint/account.h"

#define ERRORS (STINT_ERROR_SERVER_AUTH + 1)
#define STAGES (STINT_STAGE_QUIT + 1)
#define FATES  (STINT_FATE_ACCEPTED + 1)

static unsigned long seen[ERRORS][STAGES][FATES];

void matrix_note(const struct stint_result *result)
{
    if (result->error < ERRORS && result->stage < STAGES && result->fate < FATES) {
        seen[result->error][result->stage][result->fate]++;
    }
}

void matrix_print(void)
{
    unsigned error;
    unsigned stage;
    unsigned fate;
    unsigned triples = 0;

    printf("error x stage: not accepted / unknown / accepted\n");
    for (error = 0; error < ERRORS; error++) {
        for (stage = 0; stage < STAGES; stage++) {
            const unsigned long *cell = seen[error][stage];

            for (fate = 0; fate < FATES; fate++) {
                triples += cell[fate] > 0;
            }
            if (cell[0] + cell[1] + cell[2] > 0) {
                printf("  %-14s %-9s %8lu / %8lu / %8lu\n", stint_error_name(error),
                       stint_stage_name(stage), cell[0], cell[1], cell[2]);
            }
        }
    }
    printf("%u triples of error, stage and fate\n", triples);
}

static unsigned long sum(int error, int stage, int fate)
{
    unsigned long total = 0;
    int e;
    int s;
    int f;

    for (e = 0; e < ERRORS; e++) {
        for (s = 0; s < STAGES; s++) {
            for (f = 0; f < FATES; f++) {
                bool counts = (error < 0 || e == error) && (stage < 0 || s == stage) &&
                              (fate < 0 || f == fate);

                total += counts ? seen[e][s][f] : 0;
            }
        }
    }
    return total;
}

static bool has_come(unsigned long times, const char *what, const char *name)
{
    if (times == 0) {
        printf("never came about: %s %s\n", what, name);
    }
    return times > 0;
}

/* Only SCRAM's server proves that it knows the password, with nonces that are new each time: that
 * no transcript can have. */
static bool can_come(int error)
{
    return error != STINT_ERROR_SERVER_AUTH;
}

/* There is no other exception: every value comes about here. */
bool matrix_is_full(void)
{
    bool full = true;
    int i;

    for (i = 0; i < ERRORS; i++) {
        full = (!can_come(i) || has_come(sum(i, -1, -1), "error", stint_error_name((unsigned)i))) &&
               full;
    }
    for (i = 0; i < STAGES; i++) {
        full = has_come(sum(-1, i, -1), "stage", stint_stage_name((unsigned)i)) && full;
    }
    for (i = 0; i < FATES; i++) {
        full = has_come(sum(-1, -1, i), "fate", stint_fate_name((unsigned)i)) && full;
    }
    return full;
}
