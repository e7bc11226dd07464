/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_ANY_H
#define STINT_PROOF_ANY_H

/*
 * What the drivers share: values that Frama-C's Eva takes for any between two limits. So a loop
 * `while (any_more())` stands for any number of rounds.
 */

#include <__fc_builtin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define any_number(most) ((uint32_t)Frama_C_unsigned_int_interval(0, (most)))
#define any_octet()      ((uint8_t)any_number(UINT8_MAX))
#define any_more()       (any_number(1) != 0)

#endif
