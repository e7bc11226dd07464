/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CHALLENGE_H
#define STINT_SRC_CHALLENGE_H

#include "stint/private.h"
#include "stint/tls.h"

/* What the server says to a mechanism that listens: kept behind what was said to it, decoded where
 * it lies. */

/* Octets of the longest one; SCRAM's first messages have about 100. And in base64. */
#define STINT_CHALLENGE_MAX 512
#define STINT_CHALLENGE_64  684

/* Where it lies: with room for a comma before it. */
char *stint_challenge(struct stint_sasl_work *work);

/* It is there in base64; decode it. Returns false if it is too long, or no base64. */
bool stint_challenge_decode(struct stint_sasl_work *work, size_t *length);

#endif
