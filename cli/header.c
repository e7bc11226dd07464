/* SPDX-License-Identifier: MIT */
#include "header.h"

/* To the first empty line; line ends are LF, CRLF or CR. */
static size_t header_length(const uint8_t *octets, size_t length)
{
    bool at_line_start = true;

    for (size_t i = 0; i < length; i++) {
        bool is_end = octets[i] == '\n' || octets[i] == '\r';

        if (is_end && at_line_start) {
            return i;
        }
        if (octets[i] == '\r' && i + 1 < length && octets[i + 1] == '\n') {
            i++;
        }
        at_line_start = is_end;
    }
    return length;
}

/* How many octets the character has that begins with `first`; 0: none does. */
static size_t character_length(uint8_t first)
{
    return first < 0x80   ? 1
           : first < 0xC2 ? 0
           : first < 0xE0 ? 2
           : first < 0xF0 ? 3
           : first < 0xF5 ? 4
                          : 0;
}

bool header_is_utf8(const uint8_t *octets, size_t length)
{
    size_t end = header_length(octets, length);
    bool is_beyond_ascii = false;
    size_t i = 0;

    while (i < end) {
        size_t left = character_length(octets[i++]);

        if (left == 0) {
            return false;
        }
        is_beyond_ascii = is_beyond_ascii || left > 1;
        for (; left > 1 && i < end; left--) {
            if ((octets[i++] & 0xC0) != 0x80) {
                return false;
            }
        }
    }
    return is_beyond_ascii;
}
