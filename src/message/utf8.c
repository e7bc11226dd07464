/* SPDX-License-Identifier: MIT */
#include "message/utf8.h"

#include "unicode.h"

enum stint_message_fault stint_utf8_fault(const char *text, uint8_t least)
{
    const char *at;

    if (text == NULL) {
        return STINT_MESSAGE_MISSING;
    }
    for (at = text; *at != '\0'; at++) {
        if ((uint8_t)*at < least || (least > 0 && *at == 0x7F)) {
            return STINT_MESSAGE_CONTROL;
        }
    }
    return stint_unicode_is_sound(text) ? STINT_MESSAGE_GOOD : STINT_MESSAGE_NOT_UTF8;
}
