/* SPDX-License-Identifier: MIT */
#include "pem.h"

#include <string.h>

struct line {
    const uint8_t *octets;
    size_t length;
};

/* Four characters of base64 make three octets. */
struct group {
    uint32_t bits;
    unsigned characters, padding;
};

static bool next_line(struct stint_posix_pem *pem, struct line *line)
{
    const uint8_t *end;

    if (pem->at == pem->length) {
        return false;
    }
    line->octets = pem->text + pem->at;
    end = memchr(line->octets, '\n', pem->length - pem->at);
    line->length = end != NULL ? (size_t)(end - line->octets) : pem->length - pem->at;
    pem->at += line->length + (end != NULL);
    pem->line++;
    return true;
}

static bool begins_with(const struct line *line, const char *text)
{
    size_t length = strlen(text);

    return line->length >= length && memcmp(line->octets, text, length) == 0;
}

static bool find_certificate(struct stint_posix_pem *pem)
{
    struct line line;

    while (next_line(pem, &line)) {
        if (begins_with(&line, "-----BEGIN CERTIFICATE-----") ||
            begins_with(&line, "-----BEGIN X509 CERTIFICATE-----")) {
            pem->number++;
            pem->begins = pem->line;
            return true;
        }
    }
    return false;
}

/* One more than the value of each character that has one. */
static const uint8_t values[256] = {
    /* clang-format off */
    ['A'] =  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13,
            14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
            40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
    ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
    ['+'] = 63,
    ['/'] = 64,
    /* clang-format on */
};

/* The value of a character, or -1. */
static int value_of(uint8_t character)
{
    return values[character] - 1;
}

static void put_octets(struct stint_posix_pem *pem, uint32_t bits, size_t count)
{
    uint8_t *to = pem->der + pem->der_length;

    to[0] = (uint8_t)(bits >> 16);
    to[1] = (uint8_t)(bits >> 8);
    to[2] = (uint8_t)bits;
    pem->der_length += count;
}

/* Nothing may follow the padding, which is at most two characters. */
static bool put_character(struct stint_posix_pem *pem, struct group *group, uint8_t character)
{
    int value = value_of(character);

    if (character == '=' && group->characters >= 2) {
        group->padding++;
        value = 0;
    } else if (value < 0 || group->padding > 0) {
        return false;
    }
    group->bits = group->bits << 6 | (uint32_t)value;
    if (++group->characters == 4) {
        put_octets(pem, group->bits, 3 - group->padding);
        group->characters = 0;
    }
    return true;
}

/* The groups that a line begins with, unless one is under way. Returns how many characters. */
static size_t put_groups(struct stint_posix_pem *pem, const struct group *group,
                         const struct line *line)
{
    const uint8_t *at = line->octets;

    if (group->characters > 0 || group->padding > 0) {
        return 0;
    }
    for (; line->octets + line->length - at >= 4; at += 4) {
        int a = value_of(at[0]), b = value_of(at[1]), c = value_of(at[2]), d = value_of(at[3]);

        if ((a | b | c | d) < 0) {
            break;
        }
        put_octets(pem, (uint32_t)(a << 18 | b << 12 | c << 6 | d), 3);
    }
    return (size_t)(at - line->octets);
}

static bool put_line(struct stint_posix_pem *pem, struct group *group, const struct line *line)
{
    for (size_t i = put_groups(pem, group, line); i < line->length; i++) {
        uint8_t octet = line->octets[i];

        if (octet != ' ' && octet != '\t' && octet != '\r' && !put_character(pem, group, octet)) {
            return false;
        }
    }
    return true;
}

enum stint_posix_pem_status stint_posix_pem_next(struct stint_posix_pem *pem)
{
    struct group group = {0};
    struct line line;

    if (!find_certificate(pem)) {
        return STINT_POSIX_PEM_END;
    }
    pem->der = pem->text + pem->at;
    pem->der_length = 0;
    while (next_line(pem, &line)) {
        if (begins_with(&line, "-----END ")) {
            return group.characters == 0 ? STINT_POSIX_PEM_CERTIFICATE : STINT_POSIX_PEM_DAMAGED;
        }
        if (!put_line(pem, &group, &line)) {
            return STINT_POSIX_PEM_DAMAGED;
        }
    }
    return STINT_POSIX_PEM_CUT_OFF;
}
