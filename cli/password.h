/* SPDX-License-Identifier: MIT */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include "options.h"

#define PASSWORD_MAX 255  /* RFC 4616 */
#define TOKEN_MAX    8000 /* stint/account.h */

struct password {
    char text[TOKEN_MAX + 1];     /* a password, or a token */
    struct stint_scram_keys keys; /* what SCRAM makes of it, for the next session */
};

/* Read it from the options' file (a token only from there), or else from the environment's
 * STINT_PASSWORD. Returns an enum status. */
int password_read(struct password *password, const struct options *options);

/* Overwrite it. */
void password_wipe(struct password *password);

#endif
