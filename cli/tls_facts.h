/* SPDX-License-Identifier: MIT */
#ifndef CLI_TLS_FACTS_H
#define CLI_TLS_FACTS_H

#include <stdio.h>

#include "stint/tls.h"

/* "TLS 1.2, ECDHE_RSA_WITH_AES_128_GCM_SHA256, P-256": what the handshake, which must be done,
 * agreed on. */
void tls_facts_print(FILE *stream, const struct stint_tls *tls);

#endif
