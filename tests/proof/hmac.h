/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_HMAC_H
#define STINT_PROOF_HMAC_H

/*
 * BearSSL's HMAC, which is not ours: it reads what it is given, and gives any octets, HMAC_LENGTH
 * of them.
 */

#include "any.h"

#include <bearssl.h>

static void give(uint8_t *out)
{
    int i;

    /*@ loop unroll HMAC_LENGTH; */
    for (i = 0; i < HMAC_LENGTH; i++) {
        out[i] = any_octet();
    }
}

void br_hmac_key_init(br_hmac_key_context *context, const br_hash_class *hash, const void *key,
                      size_t length)
{
    (void)hash;
    /*@ assert \valid(context) && \valid_read((const uint8_t *)key + (0 .. length - 1)); */
}

void br_hmac_init(br_hmac_context *context, const br_hmac_key_context *key, size_t length)
{
    (void)length;
    /*@ assert \valid(context) && \valid_read(key); */
}

void br_hmac_update(br_hmac_context *context, const void *octets, size_t length)
{
    (void)context;
    /*@ assert \valid_read((const uint8_t *)octets + (0 .. length - 1)); */
}

size_t br_hmac_out(const br_hmac_context *context, void *out)
{
    (void)context;
    give(out);
    return HMAC_LENGTH;
}

#endif
