/* SPDX-License-Identifier: MIT */
#include "message/quoted.h"

#define ENCODED_BEGIN " =?UTF-8?Q?"
#define ENCODED_END   "?="

/* Columns of the longest character, of four octets. */
#define CHARACTER 12U

/* In an encoded word only letters and digits do, wherever that stands (RFC 2047 5). */
static bool is_plain_in_word(char c)
{
    return (uint8_t)((c | 0x20) - 'a') <= 'z' - 'a' || (uint8_t)(c - '0') <= 9;
}

/* Is it inside a character? */
static bool is_inside(char c)
{
    return (c & 0xC0) == 0x80;
}

static void put_quoted(struct stint_composer *composer, char c)
{
    char quoted[3] = {'=', "0123456789ABCDEF"[(uint8_t)c >> 4], "0123456789ABCDEF"[c & 15]};

    stint_put(composer, quoted, 3);
}

void stint_put_encoded_words(struct stint_composer *composer, const char *text)
{
    do {
        if (composer->column + sizeof ENCODED_BEGIN ENCODED_END - 1 + CHARACTER > STINT_LINE) {
            stint_put_line_end(composer);
        }
        stint_put_string(composer, ENCODED_BEGIN);
        do {
            if (*text == ' ') {
                stint_put_char(composer, '_');
            } else if (is_plain_in_word(*text)) {
                stint_put_char(composer, (uint8_t)*text);
            } else {
                put_quoted(composer, *text);
            }
            text++;
        } while (is_inside(*text) ||
                 (*text != '\0' && composer->column + CHARACTER + 2 <= STINT_LINE));
        stint_put_string(composer, ENCODED_END);
    } while (*text != '\0');
}

void stint_put_quoted_line(struct stint_composer *composer)
{
    const char *c = composer->next.text;
    const char *run, *end;
    size_t soft; /* 1: the line goes on */

    for (;;) {
        run = c;
        end = run + (STINT_LINE - 1 - composer->column);
        while (c < end && stint_quoted_keeps(c)) {
            c++;
        }
        stint_put(composer, run, (size_t)(c - run));
        soft = stint_quoted_ends(*c) ? 0 : 1;
        if (soft == 0 || composer->column + 3 >= STINT_LINE) {
            break;
        }
        put_quoted(composer, *c++);
    }
    c += *c == '\r';
    c += *c == '\n';
    composer->next.text = c;
    stint_put(composer, &"=\r\n"[1 - soft], 2 + soft);
}
