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

void stint_put_base64_text(struct stint_composer *composer)
{
    uint8_t octets[STINT_BASE64_OCTETS];
    const char *c = composer->next.text;
    bool after_cr = composer->next.offset != 0;
    size_t n = 0;

    while (n < sizeof octets && *c != '\0') {
        if (*c != '\r' && *c != '\n') {
            octets[n++] = (uint8_t)*c++;
        } else if (!after_cr) {
            octets[n++] = '\r';
            after_cr = true;
        } else {
            octets[n++] = '\n';
            after_cr = false;
            c += c[0] == '\r' && c[1] == '\n' ? 2 : 1;
        }
    }
    composer->next.text = c;
    composer->next.offset = after_cr;
    stint_put_base64_line(composer, octets, n);
}
