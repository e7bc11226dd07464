/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <stdarg.h>
#include <string.h>

/* Longer lines are cut: a path, a server's text and some words of ours fit. */
#define LINE_MAX_OCTETS 8192

void print_octets(FILE *stream, const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (octets[i] >= 0x20 && octets[i] <= 0x7E) {
            fputc(octets[i], stream);
        } else {
            fprintf(stream, "\\x%02X", octets[i]);
        }
    }
}

void complain(const char *format, ...)
{
    static char line[LINE_MAX_OCTETS];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fputs("stint: ", stderr);
    print_octets(stderr, (const uint8_t *)line, strlen(line));
    fputc('\n', stderr);
    fflush(stderr);
}
