/* SPDX-License-Identifier: MIT */
#include "session/syntax.h"

#if !STINT_SYNTAX

#include <stddef.h>

#define WORD_MAX 255U

bool stint_syntax_is_word(const char *text)
{
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        if (i == WORD_MAX || text[i] <= ' ' || text[i] > '~' || text[i] == '<' || text[i] == '>') {
            return false;
        }
    }
    return i > 0;
}

#endif
