/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_DECIMAL_H
#define STINT_SRC_DECIMAL_H

#include <stdint.h>

/* Digits of a uint32_t at most. */
#define STINT_DECIMAL_MAX 10

/* Write `value` in decimal, to end before `end`. Returns where it begins. */
char *stint_decimal(char *end, uint32_t value);

#endif
