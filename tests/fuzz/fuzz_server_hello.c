/* SPDX-License-Identifier: MIT */

/*
 * What is read of a ServerHello in passing: whether it limits the server's records.
 *
 * Input: a seed for the pieces, the octets of the stream.
 * Promise: the same whatever the pieces, and what a reading of the whole message makes of it.
 */

#include "fuzz.h"

#include "tls/server_hello.h"

#define RECORD_HEAD     5
#define HANDSHAKE       22
#define MESSAGE_HEAD    4
#define SERVER_HELLO    2
#define FIXED_OCTETS    34 /* version and random */
#define BEHIND_ID       5  /* suite, compression, length of the extensions */
#define FRAGMENT_LENGTH 1

/* ---- The reference: the whole message ---- */

/* What lies in the handshake records that the stream begins with. */
static size_t gather(struct input stream, uint8_t *message)
{
    size_t gathered = 0;
    size_t length;

    while (stream.left >= RECORD_HEAD && stream.octets[0] == HANDSHAKE) {
        length = (size_t)(stream.octets[3] << 8 | stream.octets[4]);
        stream.octets += RECORD_HEAD;
        stream.left -= RECORD_HEAD;
        length = length < stream.left ? length : stream.left;
        memcpy(message + gathered, stream.octets, length);
        gathered += length;
        stream.octets += length;
        stream.left -= length;
    }
    return gathered;
}

static unsigned limit_in_extensions(const uint8_t *at, size_t left)
{
    size_t length;

    while (left >= 4) {
        length = (size_t)(at[2] << 8 | at[3]);
        if (at[0] == 0 && at[1] == FRAGMENT_LENGTH && length == 1) {
            return left >= 5 && at[4] >= 1 && at[4] <= 4 ? 256U << at[4] : 0;
        }
        if (left - 4 < length) {
            return 0;
        }
        at += 4 + length;
        left -= 4 + length;
    }
    return 0;
}

static unsigned limit_in(const uint8_t *message, size_t length)
{
    size_t left;
    size_t skip;

    if (length < MESSAGE_HEAD || message[0] != SERVER_HELLO) {
        return 0;
    }
    left = (size_t)(message[1] << 16 | message[2] << 8 | message[3]);
    left = left < length - MESSAGE_HEAD ? left : length - MESSAGE_HEAD;
    if (left <= FIXED_OCTETS) {
        return 0;
    }
    skip = FIXED_OCTETS + 1 + message[MESSAGE_HEAD + FIXED_OCTETS] + BEHIND_ID;
    return left > skip ? limit_in_extensions(message + MESSAGE_HEAD + skip, left - skip) : 0;
}

/* ---- Both ---- */

/* A seed of 0 means in one piece. */
static unsigned limit_in_pieces(struct input stream, uint32_t seed)
{
    struct stint_server_hello hello;
    uint8_t *piece;
    size_t size;

    memset(&hello, seed == 0 ? 0x00 : 0xA5, sizeof hello);
    stint_server_hello_start(&hello);
    while (stream.left > 0) {
        size = seed == 0 ? stream.left : piece_size(&seed, stream.left);
        piece = exact_copy(stream.octets, size);
        stint_server_hello_octets(&hello, piece, size);
        free(piece);
        stream.octets += size;
        stream.left -= size;
    }
    return hello.fragment_limit;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint32_t seed = take_octet(&input) + 1U;
    uint8_t *message = malloc(size + 1);
    unsigned limit;

    PROMISE(message != NULL);
    limit = limit_in(message, gather(input, message));
    PROMISE(limit_in_pieces(input, 0) == limit);
    PROMISE(limit_in_pieces(input, seed) == limit);
    free(message);
    return 0;
}
