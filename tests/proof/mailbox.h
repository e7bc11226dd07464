/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_MAILBOX_H
#define STINT_PROOF_MAILBOX_H

/*
 * What callers see of stint_syntax_mailbox: proved by syntax.c, and taken for it in their drivers.
 */

#include "session/syntax.h"

/*@ requires \valid_read(mailbox);
    assigns \result \from mailbox[0 ..];
    ensures \result == 0 || \result == 1; */
bool stint_syntax_mailbox(const char *mailbox);

#endif
