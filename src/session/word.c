/* SPDX-License-Identifier: MIT */
#include "session/syntax.h"

#if !STINT_SYNTAX

#include <stddef.h>

#define WORD_MAX 255U

static bool is_sound(const char *text, bool has_at)
{
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        if (i == WORD_MAX || text[i] <= ' ' || text[i] > '~' || text[i] == '<' || text[i] == '>') {
            return false;
        }
        has_at = has_at || text[i] == '@';
    }
    return i > 0 && has_at;
}

bool stint_syntax_is_word(const char *text)
{
    return is_sound(text, true);
}

bool stint_syntax_is_mailbox(const char *text)
{
    return is_sound(text, false);
}

#endif
