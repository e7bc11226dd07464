/* SPDX-License-Identifier: MIT */
#include "message/quoted.h"

#include <string.h>

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

static char digit(unsigned value)
{
    return (char)(value < 10 ? '0' + value : 'A' - 10 + value);
}

void stint_quote(char *to, char c)
{
    to[0] = '=';
    to[1] = digit((uint8_t)c >> 4);
    to[2] = digit(c & 15);
}

static void put_in_word(struct stint_composer *composer, char c)
{
    char quoted[3];

    if (c == ' ') {
        stint_put_char(composer, '_');
    } else if (is_plain_in_word(c)) {
        stint_put_char(composer, (uint8_t)c);
    } else {
        stint_quote(quoted, c);
        stint_put(composer, quoted, sizeof quoted);
    }
}

void stint_put_encoded_words(struct stint_composer *composer, const char *text)
{
    do {
        if (composer->column + sizeof ENCODED_BEGIN ENCODED_END - 1 + CHARACTER > STINT_LINE) {
            stint_put_line_end(composer);
        }
        stint_put_string(composer, ENCODED_BEGIN);
        do {
            put_in_word(composer, *text++);
        } while (is_inside(*text) ||
                 (*text != '\0' && composer->column + CHARACTER + 2 <= STINT_LINE));
        stint_put_string(composer, ENCODED_END);
    } while (*text != '\0');
}

/* A line is made here, and put as a whole: that is quick. */
void stint_put_quoted_line(struct stint_composer *composer)
{
    char line[STINT_LINE + 2];
    char *last = line + STINT_LINE - 1; /* where a line that goes on has its "=" */
    char *to = line;
    const char *c = composer->next.text;
    const char *run;
    size_t left;

    for (;;) {
        run = c;
        left = (size_t)(last - to);
        while (left > 0 && stint_quoted_keeps(c)) {
            c++;
            left--;
        }
        memcpy(to, run, (size_t)(c - run));
        to += c - run;
        if (stint_quoted_ends(*c)) {
            if (*c == '\r') {
                c++;
            }
            if (*c == '\n') {
                c++;
            }
            break;
        }
        if (to + 3 > last) {
            *to++ = '=';
            break;
        }
        stint_quote(to, *c);
        to += 3;
        c++;
    }
    composer->next.text = c;
    to[0] = '\r';
    to[1] = '\n';
    stint_put(composer, line, (size_t)(to + 2 - line));
}
