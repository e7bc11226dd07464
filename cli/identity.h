/* SPDX-License-Identifier: MIT */
#ifndef CLI_IDENTITY_H
#define CLI_IDENTITY_H

#include <bearssl.h>

/* The client's own certificate (RFC 5246 7.4.6), and its key. */

/* Read both from PEM files: the certificate, those of its issuers behind it, and a key that is not
 * encrypted. Returns an enum status, and has complained unless that is STATUS_DONE. */
int identity_read(const char *certificates, const char *key);

/* A profile (stint/tls.h): as stint_tls_profile_fast, and the certificate is shown to a server that
 * asks for one. */
void identity_profile(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* Overwrite the key. */
void identity_wipe(void);

#endif
