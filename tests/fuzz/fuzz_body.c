/* SPDX-License-Identifier: MIT */

/*
 * The message's conversion, in place with as little room as its contract allows.
 *
 * Input: an octet of settings (1: 8-bit), a seed for the pieces, the message.
 * Promise: whatever the pieces, the result is the reference's below, and at most twice the input.
 */

#include "fuzz.h"

#include "session/body.h"

#define LINE_LIMIT 998

/* RFC 5321 2.3.8, 4.5.2, 4.5.3.1.6, one octet at a time. Returns the length, or -1. */
static int reference(const uint8_t *text, size_t length, bool eight_bit, uint8_t *out)
{
    size_t line = 0;
    size_t i;
    int n = 0;

    for (i = 0; i < length; i++) {
        if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') {
            continue;
        }
        if (text[i] == '\r' || text[i] == '\n') {
            out[n++] = '\r';
            out[n++] = '\n';
            line = 0;
            continue;
        }
        if (text[i] == '\0' || (text[i] > 127 && !eight_bit) || line == LINE_LIMIT) {
            return -1;
        }
        if (text[i] == '.' && line == 0) {
            out[n++] = '.';
        }
        out[n++] = text[i];
        line++;
    }
    return n;
}

/* Converts one piece with gap == length. Returns as stint_body_convert. */
static int convert(struct stint_body *body, const uint8_t *text, size_t length, uint8_t *out)
{
    uint8_t *room = malloc(2 * length);
    int n;

    PROMISE(room != NULL);
    memset(room, 0xA5, length);
    memcpy(room + length, text, length);
    n = stint_body_convert(body, room, length, length);
    PROMISE(n >= -1 && n <= (int)(2 * length));
    if (n > 0) {
        memcpy(out, room, (size_t)n);
    }
    free(room);
    return n;
}

/* A seed of 0 means in one piece. Returns as `reference`. */
static int in_pieces(const uint8_t *text, size_t length, bool eight_bit, uint32_t seed,
                     uint8_t *out)
{
    struct stint_body body;
    size_t at = 0;
    size_t size;
    int total = 0;
    int n;

    stint_body_start(&body, eight_bit, true);
    while (at < length) {
        size = seed == 0 ? length : piece_size(&seed, length - at);
        n = convert(&body, text + at, size, out + total);
        if (n < 0) {
            return -1;
        }
        at += size;
        total += n;
    }
    PROMISE(stint_body_at_line_start(&body) == (total == 0 || out[total - 1] == '\n'));
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    bool eight_bit = (take_octet(&input) & 1) != 0;
    uint32_t seed = take_octet(&input) + 1U;
    uint8_t *wanted = malloc(2 * input.left + 1);
    uint8_t *got = malloc(2 * input.left + 1);
    uint32_t seeds[] = {0, seed, seed * 0x9E3779B9U};
    size_t i;
    int n;

    PROMISE(wanted != NULL && got != NULL);
    n = reference(input.octets, input.left, eight_bit, wanted);
    for (i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        PROMISE(in_pieces(input.octets, input.left, eight_bit, seeds[i], got) == n);
        PROMISE(n <= 0 || memcmp(got, wanted, (size_t)n) == 0);
    }
    free(wanted);
    free(got);
    return 0;
}
