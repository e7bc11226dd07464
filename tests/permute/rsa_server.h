/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_RSA_SERVER_H
#define STINT_PERMUTE_RSA_SERVER_H

#include "tls_server.h"

/* As tls_server.h's, but with an RSA key of 2,048 bits. */
extern const br_x509_trust_anchor rsa_server_anchor;

void rsa_server_start(struct tls_server *server);

#endif
