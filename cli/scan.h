/* SPDX-License-Identifier: MIT */
#ifndef CLI_SCAN_H
#define CLI_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One look at a whole message before anything is sent: what SMTP forbids (RFC 5321 4.5.3.1.6,
 * RFC 5322 2.1.1), and what the server will want to know of it.
 */

enum scan_fault {
    SCAN_GOOD = 0,
    SCAN_NUL,      /* a NUL octet */
    SCAN_LONG_LINE /* a line over 998 octets */
};

struct scan {
    uint64_t octets;         /* as they are stored, from where the descriptor stood */
    uint64_t counted;        /* of them, those in which line ends were counted: */
    uint64_t half_line_ends; /* LF without CR, and CR without LF unless it is the last octet */
    uint8_t last;            /* the last octet; LF if there is none */
    bool eight_bit;
    bool utf8_header;      /* as far as it lies in the first 64 Kio */
    uint8_t fault;         /* enum scan_fault */
    uint64_t fault_offset; /* of the faulty line, or of an octet in it */

    const uint8_t *whole; /* all the octets, if they are few; valid until the next call of these */
};

/* Read `descriptor` to its end, or to the first fault. The end is where read finds nothing, or
 * where `size` octets were read, if that is not 0. Line ends are counted to the end, or only at the
 * start: to count costs ten times what all the rest does. Returns 0, or errno of the read that
 * failed. */
int scan_file(int descriptor, uint64_t size, bool to_the_end, struct scan *scan);

/* The number of the line, from 1, in which the octet `offset` behind `start` of the file lies; 0 if
 * it cannot be read again. */
uint64_t scan_line_number(int descriptor, off_t start, uint64_t offset);

/* Octets with CRLF for every line end, the last one added where it is missing, of a message without
 * fault. Exact if line ends were counted to the end; else as if they were alike. */
uint64_t scan_wire_size(const struct scan *scan);
bool scan_is_exact(const struct scan *scan);

#endif
