/* SPDX-License-Identifier: MIT */
#include "message/quoted.h"
#include "stint/letter.h"

#include <string.h>

/* Of a line with a space to break it at (RFC 3676 4.2: at most 78). */
#define COLUMNS 72

struct flow {
    char *to;
    size_t room;
    size_t length; /* of what was put, as far as there was room */
};

static void put(struct flow *flow, const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (flow->length < flow->room) {
            flow->to[flow->length] = octets[i];
        }
        flow->length++;
    }
}

static bool begins(const char *line, const char *word)
{
    while (*word != '\0' && *line == *word) {
        line++;
        word++;
    }
    return *word == '\0';
}

/* RFC 3676 4.4: what a space in front of it keeps from being changed, or taken for a quote. */
static bool is_stuffed(const char *line)
{
    return *line == ' ' || *line == '>' || begins(line, "From ");
}

/* RFC 3676 4.3: in front of a signature; no other line that ends a paragraph may end in a space. */
static bool is_separator(const char *line, size_t length)
{
    return length == 3 && memcmp(line, "-- ", 3) == 0;
}

/* Octets that `text` begins with and that fit on a line with the space behind them; all up to its
 * line end, if there is no such space, or no need. */
static size_t line_length(const char *text)
{
    size_t length = 0;
    size_t columns = 0;
    size_t i;

    for (i = 0; !stint_quoted_ends(text[i]); i++) {
        columns += ((uint8_t)text[i] & 0xC0) != 0x80;
        if (text[i] != ' ') {
            if (columns > COLUMNS && length > 0) {
                return length;
            }
        } else if (text[i + 1] != ' ' && !is_separator(text, i + 1)) {
            length = i + 1;
        }
    }
    return i;
}

/* What is left of a line of `text`, up to its line end: in lines that end in a space, but for the
 * last. */
static const char *put_paragraph(struct flow *flow, const char *text)
{
    const char *begin = text;
    const char *end;
    size_t length;

    for (;;) {
        length = line_length(text);
        if (is_stuffed(text)) {
            put(flow, " ", 1);
        }
        if (stint_quoted_ends(text[length])) {
            break;
        }
        put(flow, text, length);
        put(flow, "\n", 1);
        text += length;
    }
    end = text + length;
    if (text != begin || !is_separator(text, length)) {
        while (length > 0 && text[length - 1] == ' ') {
            length--;
        }
    }
    put(flow, text, length);
    return end;
}

size_t stint_flow(char *flowed, size_t room, const char *text)
{
    struct flow flow = {flowed, room, 0};

    while (*text != '\0') {
        text = put_paragraph(&flow, text);
        if (*text != '\0') {
            put(&flow, "\n", 1);
            text += text[0] == '\r' && text[1] == '\n' ? 2 : 1;
        }
    }
    put(&flow, "", 1);
    return flow.length;
}
