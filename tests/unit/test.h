/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_H
#define STINT_TEST_H

/* What every unit test needs. The first four must come before cmocka.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The same numbers on every machine and at every run. `*state` is the seed, and not 0. */
static inline uint32_t test_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
