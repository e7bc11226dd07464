/* SPDX-License-Identifier: MIT */
#include "readings.h"

#include <stddef.h>

#include <string.h>

static const char head[] = "From: Pump 3 <pump3@example.test>\r\n"
                           "To: <ops@example.test>\r\n"
                           "Subject: Pump 3: pressure is low\r\n"
                           "\r\n"
                           "Readings, newest first:\r\n";

/* ".NUMBER\r\n": the dot is there to be stuffed. */
static const char *make_line(struct readings *readings)
{
    char *at = readings->line + sizeof readings->line - 1;
    uint32_t number = readings->count - readings->made++;

    *at = '\0';
    *--at = '\n';
    *--at = '\r';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    *--at = '.';
    return at;
}

static int read(void *context, uint8_t *buffer, size_t room)
{
    struct readings *readings = context;
    size_t length = 0;

    while (length < room) {
        if (readings->rest == NULL) {
            readings->rest = head;
        } else if (*readings->rest != '\0') {
            buffer[length++] = (uint8_t)*readings->rest++;
        } else if (readings->made < readings->count) {
            readings->rest = make_line(readings);
        } else {
            return length > 0 ? (int)length : STINT_SOURCE_END;
        }
    }
    return (int)length;
}

static int rewind(void *context)
{
    struct readings *readings = context;

    readings->made = 0;
    readings->rest = NULL;
    return 0;
}

void readings_source(struct stint_source *source, struct readings *readings)
{
    memset(source, 0, sizeof *source);
    source->read = read;
    source->rewind = rewind;
    source->context = readings;
    source->content = STINT_CONTENT_7BIT;
}
