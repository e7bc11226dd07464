/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_PUT_H
#define STINT_PROOF_PUT_H

/*
 * What stint_put and stint_put_string ask of their callers, and what these see of it: proved by
 * writer.c, and taken for it in the drivers of those who put something. What it writes into the
 * room none of them reads.
 */

#include "any.h"

#include <string.h>

#include "message/writer.h"

/*@ requires \valid(composer);
    requires \valid_read((const uint8_t *)octets + (0 .. length - 1));
    requires \initialized((const uint8_t *)octets + (0 .. length - 1));
    assigns composer->position \from composer->position, length;
    assigns composer->column \from composer->column, length;
    ensures composer->position == (size_t)(\old(composer->position) + length);
    ensures composer->column == (size_t)(\old(composer->column) + length); */
void stint_put(struct stint_composer *composer, const void *octets, size_t length);

/*@ requires \valid(composer) && valid_read_string(string);
    assigns composer->position \from composer->position, string[0 ..];
    assigns composer->column \from composer->column, string[0 ..]; */
void stint_put_string(struct stint_composer *composer, const char *string);

#endif
