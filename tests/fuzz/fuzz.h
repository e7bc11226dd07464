/* SPDX-License-Identifier: MIT */
#ifndef STINT_FUZZ_H
#define STINT_FUZZ_H

/* What the fuzz targets share: a promise that ends the run when it is broken, and the input. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's entry point: each target defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(condition)                                                                         \
    ((condition)                                                                                   \
         ? (void)0                                                                                 \
         : (fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition), abort()))

struct input {
    const uint8_t *octets;
    size_t left;
};

/* The next octet; 0 behind the end. */
static inline uint8_t take_octet(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->octets++;
}

/* The next octets: a length and then so many, or what is left. */
static inline struct input take_piece(struct input *input)
{
    size_t length = take_octet(input);
    struct input piece = {input->octets, length < input->left ? length : input->left};

    input->octets += piece.left;
    input->left -= piece.left;
    return piece;
}

/* In memory of exactly this size, so that the address sanitizer sees one octet too far. */
static inline void *exact_copy(const void *octets, size_t length)
{
    void *copy = malloc(length > 0 ? length : 1);

    PROMISE(copy != NULL);
    if (length > 0) {
        memcpy(copy, octets, length);
    }
    return copy;
}

static inline char *exact_string(const uint8_t *octets, size_t length)
{
    char *copy = malloc(length + 1);

    PROMISE(copy != NULL);
    if (length > 0) {
        memcpy(copy, octets, length);
    }
    copy[length] = '\0';
    return copy;
}

/* Sizes for splitting: between 1 and `left`, mostly small, from any state but 0. */
static inline size_t piece_size(uint32_t *state, size_t left)
{
    size_t size;

    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    size = (*state & 3) == 0 ? *state >> 8 & 0xFF : *state >> 8 & 7;
    return size < 1 ? 1 : size < left ? size : left;
}

#endif
