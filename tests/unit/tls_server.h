/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_TLS_SERVER_H
#define STINT_TEST_TLS_SERVER_H

#include <bearssl.h>

/* The server's side of TLS, with a certificate for mail.example.com that nobody else has. */
struct tls_server {
    br_ssl_server_context context;
    uint8_t in[BR_SSL_BUFSIZE_INPUT];
    uint8_t out[BR_SSL_BUFSIZE_OUTPUT];
};

/* A time at which the certificate is valid, and what to trust it by. */
#define TLS_SERVER_TIME 1800000000U
extern const br_x509_trust_anchor tls_server_anchor;

/* The certificate in DER. */
extern const uint8_t *const tls_server_certificate;
extern const size_t tls_server_certificate_length;

void tls_server_start(struct tls_server *server);

#endif
