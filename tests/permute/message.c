/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <string.h>

#define LINE_MAX_OCTETS 998

static struct message message; /* the latest */

static void put(const char *octets, size_t length)
{
    memcpy(message.octets + message.length, octets, length);
    message.length += length;
}

/* RFC 5321 2.3.8 and 4.5.2. */
static void write_text(const struct fake_source *source)
{
    size_t line = 0; /* its octets, undoubled */
    size_t i;

    for (i = 0; i < source->length; i++) {
        char octet = source->text[i];

        if (octet == '\n' && i > 0 && source->text[i - 1] == '\r') {
            continue;
        }
        if (octet == '\r' || octet == '\n') {
            put("\r\n", 2);
            line = 0;
            continue;
        }
        message.is_bad =
            octet == 0 || line == LINE_MAX_OCTETS || ((octet & 0x80) != 0 && !message.eight_bit);
        if (message.is_bad) {
            return;
        }
        if (line++ == 0 && octet == '.' && message.dots) {
            put(".", 1);
        }
        put(&octet, 1);
    }
    put("\r\n", line > 0 ? 2 : 0);
    put(".\r\n", message.dots ? 3 : 0);
}

const struct message *message_of(const struct fake_source *source, bool eight_bit, bool dots)
{
    if (message.source == source && message.eight_bit == eight_bit && message.dots == dots) {
        return &message;
    }
    message.source = source;
    message.eight_bit = eight_bit;
    message.dots = dots;
    message.length = 0;
    message.is_bad = false;
    if (source->source.content == STINT_CONTENT_BINARY) {
        put(source->text, source->length);
    } else {
        write_text(source);
    }
    return &message;
}

void message_forget(void)
{
    message.source = NULL;
}
