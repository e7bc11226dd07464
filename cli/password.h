/* SPDX-License-Identifier: MIT */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include "options.h"

#define PASSWORD_MAX 255 /* RFC 4616 */

struct password {
    char text[PASSWORD_MAX + 1];
    struct stint_scram_keys keys; /* what SCRAM makes of it, for the next session */
};

/* Read it from the options' file, or else from the environment's STINT_PASSWORD. Returns an enum
 * status. */
int password_read(struct password *password, const struct options *options);

/* Overwrite it. */
void password_wipe(struct password *password);

#endif
