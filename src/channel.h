/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CHANNEL_H
#define STINT_SRC_CHANNEL_H

#include "stint/private.h"

/*
 * Octets between the session and the transport: in clear first, inside TLS from the handshake on.
 * Both ways have the same four doors. On the transport's side records go out and come in, on the
 * session's side data. In clear a record is whatever lies in the buffer.
 */

/* Begin in clear. With `out` NULL the halves of `in` serve as two buffers. */
void stint_channel_start(struct stint_channel *channel, uint8_t *in, size_t in_size, uint8_t *out,
                         size_t out_size);

/* From here on the octets pass through `tls`, whose handshake was begun in the same buffers. */
void stint_channel_secure(struct stint_channel *channel, struct stint_tls *tls);

/* The doors: NULL while closed; acknowledge exactly what moved, never 0. */
uint8_t *stint_channel_record_in(struct stint_channel *channel, size_t *room);
void stint_channel_record_in_ack(struct stint_channel *channel, size_t length);
uint8_t *stint_channel_record_out(const struct stint_channel *channel, size_t *length);
void stint_channel_record_out_ack(struct stint_channel *channel, size_t length);
uint8_t *stint_channel_data_in(const struct stint_channel *channel, size_t *length);
void stint_channel_data_in_ack(struct stint_channel *channel, size_t length);
uint8_t *stint_channel_data_out(struct stint_channel *channel, size_t *room);

/* Take the `length` octets just put into the data door, and make a record of them. */
void stint_channel_data_out_flush(struct stint_channel *channel, size_t length);

/* The transport takes no more: forget what waits for it, so that input can still be read. */
void stint_channel_discard(struct stint_channel *channel);

/* The connection is over: nothing that passed through is left, and no key. */
void stint_channel_end(struct stint_channel *channel);

#endif
