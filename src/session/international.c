/* SPDX-License-Identifier: MIT */
#include "session/international.h"

#if STINT_SMTPUTF8

#include "unicode.h"

/* U+0080 to U+009F, of what is well-formed. */
static bool is_control(const char *text)
{
    return (uint8_t)text[0] == 0xC2 && (uint8_t)text[1] < 0xA0;
}

bool stint_international_is_sound(const char *text)
{
    bool is_sound = stint_unicode_is_sound(text);

    for (; is_sound && *text != '\0'; text++) {
        is_sound = !is_control(text);
    }
    return is_sound;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && !stint_international_octet(*text)) {
        text++;
    }
    return *text == '\0';
}

bool stint_international_is_needed(const struct stint_mail *mail)
{
    bool is_needed = mail->source->utf8_header || !is_ascii(mail->reverse_path);
    uint16_t i;

    for (i = 0; i < mail->recipient_count && !is_needed; i++) {
        is_needed = !is_ascii(mail->recipients[i].address);
    }
    return is_needed;
}

#endif
