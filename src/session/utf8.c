/* SPDX-License-Identifier: MIT */
#include "session/utf8.h"

#if STINT_SMTPUTF8

/* Octets behind the first one of a character; -1: none begins so. */
static int octets_behind(uint8_t first)
{
    if (first < 0x80) {
        return 0;
    }
    if (first < 0xC2) {
        return -1;
    }
    return first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : -1;
}

/* The second octet tells characters that have a shorter form, surrogates, and what is over U+10FFFF
 * from all others; and U+0080 to U+009F, which are controls. */
static bool second_is_sound(uint8_t first, uint8_t second)
{
    switch (first) {
    case 0xC2:
    case 0xE0: return second >= 0xA0;
    case 0xED: return second < 0xA0;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second < 0x90;
    default: return true;
    }
}

bool stint_utf8_is_sound(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    int behind;

    while (*at != 0) {
        behind = octets_behind(at[0]);
        if (behind < 0 || (behind > 0 && !second_is_sound(at[0], at[1]))) {
            return false;
        }
        for (at++; behind > 0; behind--, at++) {
            if ((*at & 0xC0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && ((uint8_t)*text & 0x80) == 0) {
        text++;
    }
    return *text == '\0';
}

bool stint_utf8_is_needed(const struct stint_mail *mail)
{
    bool is_needed = mail->source->utf8_header || !is_ascii(mail->reverse_path);
    uint16_t i;

    for (i = 0; i < mail->recipient_count && !is_needed; i++) {
        is_needed = !is_ascii(mail->recipients[i].address);
    }
    return is_needed;
}

#endif
