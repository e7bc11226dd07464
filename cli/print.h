/* SPDX-License-Identifier: MIT */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Print octets of any origin: those outside 0x20..0x7E as \xNN, so that no terminal obeys them. */
void print_octets(FILE *stream, const uint8_t *octets, size_t length);

/* One line on stderr, "stint: " in front, with everything in it escaped as above. */
void complain(const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 1, 2)))
#endif
    ;

#endif
