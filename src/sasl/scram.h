/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SCRAM_H
#define STINT_SRC_SCRAM_H

#include "stint/config.h"
#include "stint/private.h"

/* SCRAM (RFC 5802, RFC 7677), as session/ sees it through sasl.h. May be left out (STINT_SCRAM). */

enum stint_scram_hash { STINT_SCRAM_NONE, STINT_SCRAM_SHA_1, STINT_SCRAM_SHA_256 };

#if STINT_SCRAM

/* Are user and password such that SASLprep (RFC 4013) leaves them as they are? */
bool stint_scram_takes(const struct stint_account *account);

/* The mechanisms that cannot be used with this memory, and the binding in it. */
uint16_t stint_scram_impossible(const struct stint_sasl_work *work);

/* What is said: the message that lies in `work`; and the empty one at the end. */
bool stint_scram_message(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet);
bool stint_scram_nothing(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet);

#else

static inline bool stint_scram_takes(const struct stint_account *account)
{
    (void)account;
    return true;
}
static inline uint16_t stint_scram_impossible(const struct stint_sasl_work *work)
{
    (void)work;
    return 0;
}

#endif

#endif
