/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CERTIFICATE_H
#define STINT_SRC_CERTIFICATE_H

#include "stint/tls.h"

/*
 * Reads of a certificate, as it streams by, what BearSSL's engine does not look at: whether its
 * subject alternative names name the host (RFC 9525 6), what it may be used for (RFC 5280
 * 4.2.1.12), whether it constrains names (4.2.1.10); and the hash of its key, if that is wanted.
 */

/* Once for a chain. `host` must stay valid. */
void stint_certificate_host(struct stint_certificate *certificate, const char *host);

/* Before the first octet of a certificate of `length` octets. */
void stint_certificate_start(struct stint_certificate *certificate, uint32_t length);

/* The next octets of it. The flags in struct stint_certificate tell what was found so far. Returns
 * how many were read: all, or those up to notBefore's end, so that `has_begin` can be acted on. */
size_t stint_certificate_octets(struct stint_certificate *certificate, const uint8_t *octets,
                                size_t length);

#endif
