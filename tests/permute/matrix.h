/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_MATRIX_H
#define STINT_PERMUTE_MATRIX_H

#include <stdbool.h>

#include "stint/result.h"

/* Which outcomes have come about, and how often. */
void matrix_note(const struct stint_result *result);

/* Prints them. */
void matrix_print(void);

/* Prints each error, stage and fate that never came about, unless another test is known to show
 * it; returns whether there was none. */
bool matrix_is_full(void);

#endif
