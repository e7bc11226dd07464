/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_VERIFY_H
#define STINT_SRC_VERIFY_H

#include "stint/tls.h"

/*
 * The judge of the server's certificates: an X.509 class that stands between BearSSL's handshake
 * and its validation engine, so that every rule about certificates is in one place. What the engine
 * is told here holds whatever the handshake asks for: the name that the caller configured, a clock,
 * and keys that are long enough.
 */

/* Prepare for one chain: `verify->memory.minimal` has its algorithms already. `host` must stay
 * valid. */
void stint_verify_start(struct stint_verify *verify, const struct stint_tls *tls, const char *host);

#endif
