/* SPDX-License-Identifier: MIT */
#ifndef STINT_SOURCE_H
#define STINT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Where the message comes from: an RFC 5322 message, header and body, with line ends of any kind
 * (CRLF, LF, CR: each becomes CRLF). Dots are not to be doubled; Stint does that (RFC 5321 4.5.2).
 */
enum stint_source_status {
    STINT_SOURCE_AGAIN = -1, /* no octet ready now; the client asks again at a later step */
    STINT_SOURCE_END = -2,   /* the message is complete */
    STINT_SOURCE_FAILED =
        -3 /* it cannot be completed: the connection is dropped, nothing is sent */
};

/* What octets the message may hold (RFC 6152, RFC 3030). */
enum stint_content {
    STINT_CONTENT_UNKNOWN =
        0,               /* 8-bit if the server offers 8BITMIME; refused as met if it does not */
    STINT_CONTENT_7BIT,  /* 1 to 127 */
    STINT_CONTENT_8BIT,  /* 1 to 255: the server must offer 8BITMIME */
    STINT_CONTENT_BINARY /* 0 to 255, lines of any length; nothing is converted: the server must
                          * offer CHUNKING and BINARYMIME */
};

struct stint_source {
    /*
     * Copy at most `room` (>= 1) octets of the message to `buffer`.
     * Returns how many (> 0) or an enum stint_source_status.
     * A NUL, or a line over 998 octets, ends the session with STINT_ERROR_CONTENT, unless the
     * content is BINARY.
     */
    int (*read)(void *context, uint8_t *buffer, size_t room);

    /* Optional: go back to the first octet. Called before the mail is begun, so that a message can
     * be sent again, and before each further transaction that it takes (stint_policy). Returns 0,
     * or -1 if it cannot: then the mail is not sent, with STINT_ERROR_SOURCE. Without it, it is for
     * the caller to see that `read` begins at the first octet. */
    int (*rewind)(void *context);

    void *context;

    /* Octets with CRLF line ends, one at the end of the last line included, without dot-stuffing;
     * an estimate is allowed (RFC 1870). 0: unknown. */
    uint32_t size;

    /* It is no estimate. Then the message can go by BDAT (RFC 3030); if it turns out there to have
     * another size, the session ends with STINT_ERROR_SOURCE, and nobody has got it. By DATA, which
     * a server without CHUNKING leaves, it goes as it is. */
    bool size_is_exact;

    uint8_t content; /* enum stint_content */

    /* Its header fields hold UTF-8 (RFC 6532): the server must offer SMTPUTF8 and 8BITMIME. Where a
     * header has no more than encoded words (RFC 2047) it does not. */
    bool utf8_header;
};

/* A message that lies in memory as a whole, and how much of it was read. */
struct stint_memory {
    const uint8_t *octets;
    size_t length;
    size_t offset;
};

/*
 * Make `source` read the `length` octets at `octets`, which stay the caller's and must not change
 * until the session is done. `memory` is the source's context and must live as long. Rewindable, of
 * exact size; content unknown: set it if you know.
 */
void stint_source_from_memory(struct stint_source *source, struct stint_memory *memory,
                              const void *octets, size_t length);

#ifdef __cplusplus
}
#endif

#endif
