/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CRAM_MD5_H
#define STINT_SRC_CRAM_MD5_H

#include "sasl/sasl.h"

/* CRAM-MD5 (RFC 2195): a challenge, and its keyed hash. Left out unless it is asked for
 * (STINT_CRAM_MD5). */

#if STINT_CRAM_MD5

static inline bool stint_cram_md5_is(const struct stint_sasl *sasl)
{
    return sasl->hash == STINT_HASH_MD5;
}

/* Compute the answer to the challenge. Returns false if that is too long, or no base64. */
bool stint_cram_md5_challenge(const struct stint_account *account, struct stint_sasl_work *work);

/* And say it. */
bool stint_cram_md5_message(const struct stint_account *account, const struct stint_sasl_work *work,
                            size_t offset, uint8_t *octet);

#else

static inline bool stint_cram_md5_is(const struct stint_sasl *sasl)
{
    (void)sasl;
    return false;
}
static inline bool stint_cram_md5_challenge(const struct stint_account *account,
                                            struct stint_sasl_work *work)
{
    (void)account, (void)work;
    return true;
}

#endif

#endif
