/* SPDX-License-Identifier: MIT */
#include "message/writer.h"

#include <string.h>

void stint_put(struct stint_composer *composer, const void *octets, size_t length)
{
    size_t begin = composer->position;
    size_t behind = begin + length;
    size_t last = composer->taken + composer->room;
    size_t end = behind < last ? behind : last;

    composer->position = behind;
    composer->column += length;
    begin = begin > composer->taken ? begin : composer->taken;
    if (composer->end != NULL && begin < end) {
        memcpy(composer->end - (last - begin), (const uint8_t *)octets + length - (behind - begin),
               end - begin);
    }
}

void stint_put_char(struct stint_composer *composer, unsigned c)
{
    uint8_t octet = (uint8_t)c;

    stint_put(composer, &octet, 1);
}

void stint_put_string(struct stint_composer *composer, const char *string)
{
    stint_put(composer, string, strlen(string));
}

void stint_put_line_end(struct stint_composer *composer)
{
    stint_put_string(composer, "\r\n");
    composer->column = 0;
}

/* RFC 5322 2.2.3. */
void stint_put_space(struct stint_composer *composer, size_t length)
{
    if (composer->column + 1 + length > STINT_LINE) {
        stint_put_line_end(composer);
    }
    stint_put_char(composer, ' ');
}
