/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_OCTETS_H
#define STINT_PROOF_OCTETS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * memmove for the proof by WP, whose memory model keeps apart what has different types: what the C
 * standard says of it (7.21.2.2), in terms of octets. Which octets they are does not matter there.
 */

/*@ requires \valid(to + (0 .. length - 1)) && \valid_read(from + (0 .. length - 1));
    assigns to[0 .. length - 1] \from from[0 .. length - 1]; */
void stint_proof_move(uint8_t *to, const uint8_t *from, size_t length);

#define memmove stint_proof_move

#endif
