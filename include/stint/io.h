/* SPDX-License-Identifier: MIT */
#ifndef STINT_IO_H
#define STINT_IO_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a port implements: a byte stream to one server at a time.
 *
 * No call waits. Each returns a positive number when it did something and one of the negative
 * values below when it did not. 0 is never legal, so that a forgotten case can pass neither for
 * "later" nor for "closed".
 */
enum stint_io_status {
    STINT_IO_DONE = 1,    /* open, flush, close: it is done */
    STINT_IO_AGAIN = -1,  /* nothing can be done now; ask again later */
    STINT_IO_CLOSED = -2, /* read: the peer ended the stream, everything before it was handed out */
    STINT_IO_FAILED = -3  /* the connection is broken or was never made */
};

struct stint_io {
    /*
     * Connect to `host` (a DNS name or an IP address as text, NUL-terminated, valid until close)
     * at `port`. Called again until it no longer answers AGAIN. `left_ms` is what is left of the
     * connect deadline at this call, in milliseconds, at last 0; a port that knows several
     * addresses shares it among them. Name resolution belongs here and must not wait either.
     * Returns DONE, AGAIN or FAILED (no address, all refused).
     */
    int (*open)(void *context, const char *host, uint16_t port, uint32_t left_ms);

    /*
     * Copy at most `room` (>= 1) received octets to `buffer`.
     * Returns how many, AGAIN, CLOSED or FAILED. Everything that arrived is handed out before
     * CLOSED or FAILED is reported, also after a write failed.
     */
    int (*read)(void *context, uint8_t *buffer, size_t room);

    /*
     * Take at most `length` (>= 1) octets of `data` for sending; they may be kept until flush.
     * Returns how many were taken, AGAIN or FAILED.
     */
    int (*write)(void *context, const uint8_t *data, size_t length);

    /*
     * Send what write kept: the client is about to wait for an answer.
     * Returns DONE, AGAIN or FAILED. FAILED says that no octet of what was written since flush last
     * was DONE has left this host, and none will: the server cannot have it. A port that is not
     * sure of that answers DONE, and lets `read` and `write` tell of the failure.
     */
    int (*flush)(void *context);

    /*
     * End the connection, or an open under way, and forget it. Called once for each open, again
     * while it answers AGAIN; until DONE the context's memory belongs to the port.
     * Returns DONE or AGAIN.
     */
    int (*close)(void *context);

    /*
     * Optional (may be NULL): the local address of the open connection as RFC 5321 4.1.3 writes
     * it between brackets, "192.0.2.1" or "IPv6:2001:db8::1", NUL-terminated, valid until close;
     * NULL if unknown. Only needed where the account gives no EHLO name.
     */
    const char *(*local_address)(void *context);
};

#endif
