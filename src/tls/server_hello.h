/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SERVER_HELLO_H
#define STINT_SRC_SERVER_HELLO_H

#include <stddef.h>

#include "stint/config.h"
#include "stint/tls.h"

/*
 * The server's first message (RFC 5246 7.4.1.3), read as its octets pass on their way to BearSSL,
 * which does not tell whether the server agreed to max_fragment_length (RFC 6066 4). What is read
 * here is only believed once the handshake has succeeded: its Finished message covers it. Nothing
 * but PIPELINING needs it, and it is left out with that.
 */

#if STINT_PIPELINING

void stint_server_hello_start(struct stint_server_hello *hello);

/* The next octets from the transport, whole records or parts. */
void stint_server_hello_octets(struct stint_server_hello *hello, const uint8_t *octets,
                               size_t length);

#else

static inline void stint_server_hello_start(struct stint_server_hello *hello)
{
    hello->fragment_limit = 0;
}

static inline void stint_server_hello_octets(struct stint_server_hello *hello,
                                             const uint8_t *octets, size_t length)
{
    (void)hello, (void)octets, (void)length;
}

#endif

#endif
