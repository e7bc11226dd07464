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

/* The value of a character, or -1. */
static int value_of(uint8_t character)
{
    if (character >= 'a') {
        return character <= 'z' ? character - 'a' + 26 : -1;
    }
    if (character >= 'A') {
        return character <= 'Z' ? character - 'A' : -1;
    }
    if (character >= '0') {
        return character <= '9' ? character - '0' + 52 : -1;
    }
    return character == '+' ? 62 : character == '/' ? 63 : -1;
}

static void put_group(struct stint_posix_pem *pem, struct group *group)
{
    uint8_t *to = pem->der + pem->der_length;

    to[0] = (uint8_t)(group->bits >> 16);
    to[1] = (uint8_t)(group->bits >> 8);
    to[2] = (uint8_t)group->bits;
    pem->der_length += 3 - group->padding;
    group->characters = 0;
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
        put_group(pem, group);
    }
    return true;
}

static bool put_line(struct stint_posix_pem *pem, struct group *group, const struct line *line)
{
    for (size_t i = 0; i < line->length; i++) {
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
