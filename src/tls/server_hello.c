/* SPDX-License-Identifier: MIT */
#include "tls/server_hello.h"

#if STINT_PIPELINING

#include <string.h>

/* What the next octets are. The message may be spread over records, each with a header before. */
enum position {
    POSITION_HEADER, /* type, and length in three octets */
    POSITION_ID,     /* length of the session ID */
    POSITION_EXTENSION,
    POSITION_CODE,
    POSITION_END
};

#define RECORD_HEADER_OCTETS 5
#define RECORD_HANDSHAKE     22
#define SERVER_HELLO         2
#define MAX_FRAGMENT_LENGTH  1

/* Between the header and the session ID, and between that and the first extension. */
#define VERSION_AND_RANDOM_OCTETS         34
#define SUITE_COMPRESSION_AND_SIZE_OCTETS 5

void stint_server_hello_start(struct stint_server_hello *hello)
{
    memset(hello, 0, sizeof *hello);
}

static void go_on(struct stint_server_hello *hello, enum position position, uint16_t skip)
{
    hello->position = (uint8_t)position;
    hello->skip = skip;
    hello->count = 0;
    hello->value = 0;
}

static void header(struct stint_server_hello *hello)
{
    bool is_hello = hello->value >> 24 == SERVER_HELLO;

    hello->left = hello->value & 0xFFFFFF;
    go_on(hello, is_hello ? POSITION_ID : POSITION_END, VERSION_AND_RANDOM_OCTETS);
}

/* Type and length of an extension, two octets each. */
static void extension(struct stint_server_hello *hello)
{
    if (hello->value == ((uint32_t)MAX_FRAGMENT_LENGTH << 16 | 1)) {
        go_on(hello, POSITION_CODE, 0);
    } else {
        go_on(hello, POSITION_EXTENSION, hello->value & 0xFFFF);
    }
}

static void code(struct stint_server_hello *hello)
{
    if (hello->value >= 1 && hello->value <= 4) {
        hello->fragment_limit = (uint16_t)(256U << hello->value);
    }
    go_on(hello, POSITION_END, 0);
}

static void message_octet(struct stint_server_hello *hello, uint8_t octet)
{
    if (hello->position != POSITION_HEADER && hello->left-- == 0) {
        hello->position = POSITION_END;
        return;
    }
    if (hello->skip > 0) {
        hello->skip--;
        return;
    }
    hello->value = hello->value << 8 | octet;
    hello->count++;
    if (hello->position == POSITION_HEADER && hello->count == 4) {
        header(hello);
    } else if (hello->position == POSITION_ID) {
        go_on(hello, POSITION_EXTENSION, octet + SUITE_COMPRESSION_AND_SIZE_OCTETS);
    } else if (hello->position == POSITION_EXTENSION && hello->count == 4) {
        extension(hello);
    } else if (hello->position == POSITION_CODE) {
        code(hello);
    }
}

/* A record's type, version and length (RFC 5246 6.2.1). */
static void record_octet(struct stint_server_hello *hello, uint8_t octet)
{
    if (hello->record_header == 0 && octet != RECORD_HANDSHAKE) {
        hello->position = POSITION_END;
    }
    hello->record_header++;
    hello->record_left = (uint16_t)(hello->record_left << 8 | octet);
}

void stint_server_hello_octets(struct stint_server_hello *hello, const uint8_t *octets,
                               size_t length)
{
    for (; length > 0 && hello->position != POSITION_END; octets++, length--) {
        if (hello->record_header < RECORD_HEADER_OCTETS) {
            record_octet(hello, *octets);
        } else {
            message_octet(hello, *octets);
            hello->record_left--;
        }
        if (hello->record_header == RECORD_HEADER_OCTETS && hello->record_left == 0) {
            hello->record_header = 0;
        }
    }
}

#endif
