/* SPDX-License-Identifier: MIT */
#include "ear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ear_begins(const struct ear *ear, const char *start)
{
    size_t length = strlen(start);

    return ear->length >= length && memcmp(ear->line, start, length) == 0;
}

bool ear_is(const struct ear *ear, const char *command)
{
    return ear->length == strlen(command) && ear_begins(ear, command);
}

bool ear_is_between(const struct ear *ear)
{
    return (ear->length > 0 && !ear->is_told) || ear->chunk_left > 0 || ear->in_message;
}

static enum ear_event end_line(struct ear *ear)
{
    char *end;

    ear->is_told = true;
    if (ear->in_message) {
        ear->in_message = !ear_is(ear, ".\r\n");
        return ear->in_message ? EAR_OCTET : EAR_END;
    }
    if (!ear_begins(ear, "BDAT ")) {
        return EAR_LINE;
    }
    ear->chunk_left = strtoul(ear->line + 5, &end, 10);
    ear->is_last = strncmp(end, " LAST\r\n", 7) == 0;
    return EAR_BDAT;
}

enum ear_event ear_hear(struct ear *ear, char octet)
{
    if (ear->chunk_left > 0) {
        return --ear->chunk_left > 0 ? EAR_OCTET : EAR_END;
    }
    if (ear->is_told) {
        ear->is_told = false;
        ear->length = 0;
    }
    if (ear->length + 1 == EAR_LINE_MAX) {
        fprintf(stderr, "too long a line\n");
        exit(2);
    }
    ear->line[ear->length++] = octet;
    ear->line[ear->length] = '\0';
    if (octet == '\n') {
        return end_line(ear);
    }
    return ear->in_message ? EAR_OCTET : EAR_MORE;
}
