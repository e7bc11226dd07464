/* SPDX-License-Identifier: MIT */
#include "unicode.h"

bool stint_unicode_is_sound(const char *text)
{
    uint32_t character;

    while (*text != '\0') {
        text = stint_unicode_take(text, &character);
        if (text == NULL) {
            return false;
        }
    }
    return true;
}
