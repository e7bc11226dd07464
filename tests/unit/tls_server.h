/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_TLS_SERVER_H
#define STINT_TEST_TLS_SERVER_H

#include <bearssl.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 5246 6.2.1: what records hold, and the head that each has. */
enum tls_type {
    TLS_CHANGE_CIPHER_SPEC = 20,
    TLS_ALERT = 21,
    TLS_HANDSHAKE = 22,
    TLS_APPLICATION_DATA = 23
};
#define TLS_HEAD 5

/* What encryption adds to a record at most, and a record to its head. */
#define TLS_OVERHEAD 24

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

/*
 * For tests that make the server's records themselves, past its engine: which then must be used for
 * the handshake only.
 */

/* Makes the server's next record at `record`, in clear or encrypted as those of the engine are by
 * now. Returns its length, at most TLS_HEAD + `length` + TLS_OVERHEAD. */
size_t tls_server_seal(struct tls_server *server, enum tls_type type, const void *octets,
                       size_t length, uint8_t *record);

/* Makes the number of the encrypted record that was sealed last free for the next one. */
void tls_server_take_back(struct tls_server *server);

/* Opens the client's next record, a whole one and encrypted, in place. Returns what is in it, and
 * sets `*length`; or NULL if it is not the client's. */
const uint8_t *tls_server_open(struct tls_server *server, uint8_t *record, size_t *length);

#endif
