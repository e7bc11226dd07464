/* SPDX-License-Identifier: MIT */

/*
 * The reader of certificates: a chain of any length, each certificate of any length announced and
 * of any octets, for any host of up to HOST octets. The octets come one by one: of a longer piece,
 * stint_certificate_octets reads one by one, too, up to the length that it is told.
 *
 * What stint_address does is stated here and proved by address.c; BearSSL's SHA-256 is not ours.
 */

#include "any.h"

#include "tls/certificate.h"

#ifndef HOST
#define HOST 3
#endif

/*@ assigns \result \from host[0 .. HOST];
    assigns address[0 .. 15] \from host[0 .. HOST];
    ensures \initialized(&address[0 .. 15]);
    ensures \result == 0 || \result == 4 || \result == 16; */
uint8_t stint_address(const char *host, uint8_t address[16]);

/*@ requires \valid(context);
    assigns *context \from \nothing;
    ensures \initialized(context); */
void br_sha256_init(br_sha256_context *context);

/*@ requires \valid(context) && \initialized(context);
    requires \valid_read((const uint8_t *)octets + (0 .. length - 1));
    requires \initialized((const uint8_t *)octets + (0 .. length - 1));
    assigns *context \from *context, ((const uint8_t *)octets)[0 .. length - 1]; */
void br_sha224_update(br_sha256_context *context, const void *octets, size_t length);

static struct stint_certificate c; /* zeroed, as struct stint_tls is before its first use */

int main(void)
{
    char host[HOST + 1];
    uint8_t octet;
    size_t i, n;

    /*@ loop unroll HOST; */
    for (i = 0; i < HOST; i++) {
        host[i] = (char)any_octet();
    }
    host[HOST] = '\0';
    stint_certificate_host(&c, host);
    stint_certificate_start(&c, any_number(UINT32_MAX));
    /*@ dynamic_split c.host_matched; */
    /*@ dynamic_split c.der.depth; */
    while (any_more()) {
        if (any_more()) {
            stint_certificate_start(&c, any_number(UINT32_MAX));
            c.hashes_key = any_more();
        } else {
            octet = any_octet();
            n = stint_certificate_octets(&c, &octet, 1);
            /*@ assert n == 1; */
        }
    }
    return 0;
}
