/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SCRAM_KEYS_H
#define STINT_SRC_SCRAM_KEYS_H

#include "stint/config.h"
#include "stint/private.h"
#include "stint/tls.h"

/* What SCRAM computes (RFC 5802 3): keys of the password, which takes long, and by them what either
 * side proves. `work` has the hash, the salt and AuthMessage. */

/* Octets of the hash, and so of keys and proofs. */
static inline size_t stint_scram_hash_length(const struct stint_sasl_work *work)
{
    return work->hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
}

/* Begin to compute the keys, for `iterations` of `work`; and some more of it, until `left` is 0.
 * Returns false if the salt is none. */
bool stint_scram_begin_keys(struct stint_sasl_work *work, const struct stint_account *account);
void stint_scram_compute_keys(struct stint_sasl_work *work);

/* ClientProof, for `block`, and ServerSignature, for `signature`. */
void stint_scram_prove(struct stint_sasl_work *work);

/* Is this the signature? */
bool stint_scram_is_signature(const struct stint_sasl_work *work, const uint8_t *octets,
                              size_t length);

/* Take the keys that the caller has kept, if they are of this salt and count; and keep these. */
bool stint_scram_recall(struct stint_sasl_work *work, const struct stint_scram_keys *keys);
void stint_scram_keep(struct stint_sasl_work *work, struct stint_scram_keys *keys);

#endif
