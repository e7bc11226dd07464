/* SPDX-License-Identifier: MIT */

/*
 * The reader of certificates: a chain of any length, each certificate of any length announced and
 * of any octets, for any host of up to HOST octets.
 *
 * What stint_address does is stated here and proved by address.c.
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

static struct stint_certificate c; /* zeroed, as struct stint_tls is before its first use */

int main(void)
{
    char host[HOST + 1];
    uint8_t octet;
    size_t i;

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
        } else {
            octet = any_octet();
            stint_certificate_octets(&c, &octet, any_number(1));
        }
    }
    return 0;
}
