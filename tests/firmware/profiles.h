/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_PROFILES_H
#define FIRMWARE_PROFILES_H

#include "stint/tls.h"

/* Profiles of our own (stint/tls.h), beside the library's. */

/* All that a server may want of TLS 1.2 as BearSSL has it: P-256, P-384 and P-521, SHA-256/384/512,
 * AES-GCM and ChaCha20-Poly1305. */
void profile_standard(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* And X25519, whose key exchange takes a quarter of the time. */
void profile_every(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* As stint_tls_profile_small, in the least code. */
void profile_shortest(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* As stint_tls_profile_small, for cores on which a product of 64 bits does not always take the same
 * time, as on the Cortex-M3, or that have no instruction for one, as the Cortex-M0+. */
void profile_m15(br_ssl_client_context *client, br_x509_minimal_context *x509);

#endif
