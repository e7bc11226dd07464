/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SCRAM_H
#define STINT_SRC_SCRAM_H

#include "sasl/sasl.h"

/* SCRAM (RFC 5802, RFC 7677). May be left out (STINT_SCRAM). */

static inline bool stint_scram_is(const struct stint_sasl *sasl)
{
    return STINT_SCRAM && sasl->hash >= STINT_HASH_SHA_1;
}

#if STINT_SCRAM

/* Are user and password such that SASLprep (RFC 4013) leaves them as they are? */
bool stint_scram_takes(const struct stint_account *account);

/* Is there the binding that the mechanism needs? */
bool stint_scram_is_possible(const struct stint_sasl *sasl, const struct stint_sasl_work *work);

/* What is said: the message that lies in `work`; and the empty one at the end. */
bool stint_scram_message(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet);
bool stint_scram_nothing(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet);

/* Its part of what sasl.h says of these. */
void stint_scram_begin(const struct stint_sasl *sasl, const struct stint_account *account,
                       uint16_t offered, struct stint_sasl_work *work);
bool stint_scram_challenge(const struct stint_account *account, struct stint_sasl_work *work,
                           uint8_t step);
void stint_scram_end(const struct stint_account *account, struct stint_sasl_work *work);

#else

static inline bool stint_scram_takes(const struct stint_account *account)
{
    (void)account;
    return true;
}
static inline bool stint_scram_is_possible(const struct stint_sasl *sasl,
                                           const struct stint_sasl_work *work)
{
    (void)sasl, (void)work;
    return true;
}
static inline void stint_scram_begin(const struct stint_sasl *sasl,
                                     const struct stint_account *account, uint16_t offered,
                                     struct stint_sasl_work *work)
{
    (void)sasl, (void)account, (void)offered, (void)work;
}
static inline bool stint_scram_challenge(const struct stint_account *account,
                                         struct stint_sasl_work *work, uint8_t step)
{
    (void)account, (void)work, (void)step;
    return true;
}
static inline void stint_scram_end(const struct stint_account *account,
                                   struct stint_sasl_work *work)
{
    (void)account, (void)work;
}

#endif

#endif
