/* SPDX-License-Identifier: MIT */
#include "message/encoding.h"

#include "message/base64_lines.h"
#include "message/quoted.h"

/* Where quoting would make it longer than base64 does. */
#define QUOTED_PART 6U

enum stint_encoding stint_encoding_of(const char *text)
{
    size_t octets = 0;
    size_t quoted = 0;
    size_t line = 0;
    bool is_short = true;

    for (; text[octets] != '\0'; octets++) {
        if (stint_quoted_ends(text[octets])) {
            line = 0;
            continue;
        }
        quoted += !stint_quoted_keeps(text + octets);
        is_short &= ++line < STINT_LINE;
    }
    if (quoted > octets / QUOTED_PART) {
        return STINT_ENCODING_BASE64;
    }
    return quoted == 0 && is_short ? STINT_ENCODING_7BIT : STINT_ENCODING_QUOTED_PRINTABLE;
}

/* At most three octets of the text at `*text`, which moves behind them. Returns how many. */
static size_t take(const char **text, bool *after_cr, uint8_t *octets)
{
    const char *c = *text;
    size_t n = 0;

    while (n < 3 && *c != '\0') {
        if (*c != '\r' && *c != '\n') {
            octets[n++] = (uint8_t)*c++;
        } else if (!*after_cr) {
            octets[n++] = '\r';
            *after_cr = true;
        } else {
            octets[n++] = '\n';
            *after_cr = false;
            c += c[0] == '\r' && c[1] == '\n' ? 2 : 1;
        }
    }
    *text = c;
    return n;
}

void stint_put_base64_text(struct stint_composer *composer)
{
    char line[STINT_BASE64_LINE];
    char *to = line;
    const char *c = composer->next.text;
    bool after_cr = composer->next.offset != 0;
    uint8_t octets[3];
    size_t n;

    for (; to < line + STINT_LINE && *c != '\0'; to += 4) {
        if ((uint8_t)c[0] > '\r' && (uint8_t)c[1] > '\r' && (uint8_t)c[2] > '\r') {
            stint_base64_encode(to, (const uint8_t *)c); /* as nearly all are */
            c += 3;
            continue;
        }
        n = take(&c, &after_cr, octets);
        if (n == 3) {
            stint_base64_encode(to, octets);
        } else {
            stint_base64_last(to, octets, n);
        }
    }
    composer->next.text = c;
    composer->next.offset = after_cr;
    to[0] = '\r';
    to[1] = '\n';
    stint_put(composer, line, (size_t)(to + 2 - line));
}
