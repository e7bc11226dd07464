/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SASL_H
#define STINT_SRC_SASL_H

#include "stint/private.h"

/*
 * SASL mechanisms for AUTH (RFC 4954): which to use, and what each says. What it says are command
 * templates (session/command.h), so no secret is ever copied.
 */

struct stint_sasl {
    const char *name;
    uint16_t mechanism;     /* enum stint_mechanism */
    const char *with_first; /* AUTH with the first response in it; NULL: the mechanism has none */
    const char *without;    /* AUTH alone */
    const char *responses[2];
    uint8_t response_count;
};

/* The mechanism to use: the account's, or the best, among those offered (bits of
 * enum stint_mechanism). NULL: none. */
const struct stint_sasl *stint_sasl_choose(const struct stint_account *account, uint16_t offered);

/* Is this the exact name of a mechanism that Stint speaks? */
bool stint_sasl_is_known(const char *name);

/* May the first response go along with AUTH? Not if the line would pass 512 octets (RFC 4954 4). */
bool stint_sasl_first_fits(const struct stint_sasl *sasl, const struct stint_account *account);

/* The account's password, wherever it lies: at most `room` octets from `offset` on. */
size_t stint_sasl_password(const struct stint_account *account, size_t offset, uint8_t *octets,
                           size_t room);

/* The PLAIN message (RFC 4616 2): NUL user NUL password; likewise. */
size_t stint_sasl_plain(const struct stint_account *account, size_t offset, uint8_t *octets,
                        size_t room);

/* The user name; likewise. */
size_t stint_sasl_user(const struct stint_account *account, size_t offset, uint8_t *octets,
                       size_t room);

#endif
