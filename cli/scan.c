/* SPDX-License-Identifier: MIT */
#include "scan.h"

#include "header.h"
#include "read.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_OCTETS 998

#define BLOCK_OCTETS 65536

#define BLOCK_OFFSET 64

/* Most lines are shorter than that. */
#define LATE_OCTETS 128

#define EVERY_OCTETS_TOP_BIT UINT64_C(0x8080808080808080)
#define EVERY_OCTETS_LOW_BIT UINT64_C(0x0101010101010101)

static uint64_t word_at(const uint8_t *octets)
{
    uint64_t word;

    memcpy(&word, octets, sizeof word);
    return word;
}

static inline uint64_t four_words_at(const uint8_t *octets)
{
    return word_at(octets) | word_at(octets + 8) | word_at(octets + 16) | word_at(octets + 24);
}

static inline uint64_t sixteen_words_at(const uint8_t *octets)
{
    return four_words_at(octets) | four_words_at(octets + 32) | four_words_at(octets + 64) |
           four_words_at(octets + 96);
}

/* Is any octet over 127? Eight octets at a time, and many times that between two branches. */
static bool has_eight_bit(const uint8_t *at, const uint8_t *end)
{
    uint64_t seen = 0;

    for (; end - at >= 256; at += 256) {
        seen |= sixteen_words_at(at) | sixteen_words_at(at + 128);
    }
    for (; at < end; at++) {
        seen |= *at;
    }
    return (seen & EVERY_OCTETS_TOP_BIT) != 0;
}

/* The top bit of each octet of `word` that is this one; the other bits are 0. */
static uint64_t octets_that_are(uint64_t word, uint8_t octet)
{
    uint64_t differing = word ^ (EVERY_OCTETS_LOW_BIT * octet);

    return ~(((differing & ~EVERY_OCTETS_TOP_BIT) + ~EVERY_OCTETS_TOP_BIT) | differing) &
           EVERY_OCTETS_TOP_BIT;
}

/* How many line ends are only a CR or only an LF. Each pair of neighbours is looked at, the octet
 * before `at` included; so a CR is counted where the octet behind it is. */
static uint64_t half_line_ends(const uint8_t *at, const uint8_t *end)
{
    uint64_t count = 0;

    for (; end - at >= 8; at += 8) {
        uint64_t halves =
            octets_that_are(word_at(at), '\n') ^ octets_that_are(word_at(at - 1), '\r');

        count += ((halves >> 7) * EVERY_OCTETS_LOW_BIT) >> 56;
    }
    for (; at < end; at++) {
        count += (*at == '\n') != (at[-1] == '\r');
    }
    return count;
}

/* One of the last line ends that a line which is `length` octets long so far can have. A CR alone
 * is one, too, as it is for the library. Those before it are passed over unseen. */
static const uint8_t *late_line_end(const uint8_t *at, const uint8_t *end, size_t length)
{
    size_t room = LINE_MAX_OCTETS - length + 1;
    const uint8_t *late = (size_t)(end - at) > room ? at + room : end;
    const uint8_t *lf =
        late - at > LATE_OCTETS ? memchr(late - LATE_OCTETS, '\n', LATE_OCTETS) : NULL;

    while (lf == NULL && late > at) {
        late--;
        lf = *late == '\n' || *late == '\r' ? late : NULL;
    }
    return lf;
}

/* The first line may have begun before `at`, and the last one may go on behind `end`. Returns what
 * is here of the line that is too long, or NULL. */
static const uint8_t *long_line(const uint8_t *at, const uint8_t *end, size_t *line_length)
{
    const uint8_t *line_end;

    while ((line_end = late_line_end(at, end, *line_length)) != NULL) {
        *line_length = 0;
        at = line_end + 1;
    }
    *line_length += (size_t)(end - at);
    return *line_length > LINE_MAX_OCTETS ? at : NULL;
}

static void fail(struct scan *scan, enum scan_fault fault, size_t offset)
{
    scan->fault = (uint8_t)fault;
    scan->fault_offset = scan->octets + offset;
}

/* The octet before a block stands in front of it, so that a line end may lie across the border; and
 * a NUL behind it. */
static uint8_t memory[BLOCK_OFFSET + BLOCK_OCTETS + 1];
static uint8_t *const block = memory + BLOCK_OFFSET;

static void scan_block(struct scan *scan, size_t length, bool counts, size_t *line_length)
{
    const uint8_t *end = block + strlen((const char *)block);
    const uint8_t *line = long_line(block, end, line_length);

    if (line != NULL) {
        fail(scan, SCAN_LONG_LINE, (size_t)(line - block));
    } else if (end < block + length) {
        fail(scan, SCAN_NUL, (size_t)(end - block));
    }
    if (counts) {
        scan->half_line_ends += half_line_ends(block, end);
        scan->counted += length;
    }
    if (has_eight_bit(block, end)) {
        scan->eight_bit = true;
        scan->utf8_header = scan->octets == 0 ? header_is_utf8(block, length) : scan->utf8_header;
    }
    scan->octets += length;
    scan->last = block[length - 1];
}

int scan_file(int descriptor, uint64_t size, bool to_the_end, struct scan *scan)
{
    size_t line_length = 0;
    ssize_t got = 1;

    memset(scan, 0, sizeof *scan);
    scan->last = '\n';
    while (scan->fault == SCAN_GOOD && got > 0 && (size == 0 || scan->octets < size)) {
        got = read_some(descriptor, block, BLOCK_OCTETS);
        if (got < 0) {
            return errno;
        }
        if (got > 0) {
            scan->whole = scan->octets == 0 ? block : NULL;
            block[-1] = scan->last;
            block[got] = '\0';
            scan_block(scan, (size_t)got, to_the_end || scan->octets == 0, &line_length);
        }
    }
    return 0;
}

uint64_t scan_line_number(int descriptor, off_t start, uint64_t offset)
{
    uint64_t number = 1;
    ssize_t got;

    if (lseek(descriptor, start, SEEK_SET) < 0) {
        return 0;
    }
    while (offset > 0) {
        got = read_some(descriptor, block, offset < BLOCK_OCTETS ? (size_t)offset : BLOCK_OCTETS);
        if (got <= 0) {
            return 0;
        }
        for (ssize_t i = 0; i < got; i++) {
            number += block[i] == '\n';
        }
        offset -= (uint64_t)got;
    }
    return number;
}

bool scan_is_exact(const struct scan *scan)
{
    return scan->counted == scan->octets;
}

uint64_t scan_wire_size(const struct scan *scan)
{
    unsigned missing = scan->last == '\n' ? 0 : scan->last == '\r' ? 1 : 2;
    uint64_t more = scan->half_line_ends;

    if (!scan_is_exact(scan)) {
        more = more * (scan->octets / scan->counted);
    }
    return scan->octets + more + missing;
}
