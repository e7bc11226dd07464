/* SPDX-License-Identifier: MIT */
#include "scan.h"

#include "read.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_OCTETS 998

#define BLOCK_OCTETS 65536

#define BLOCK_OFFSET 64

#define EVERY_OCTETS_TOP_BIT UINT64_C(0x8080808080808080)

static uint64_t word_at(const uint8_t *octets)
{
    uint64_t word;

    memcpy(&word, octets, sizeof word);
    return word;
}

static uint64_t four_words_at(const uint8_t *octets)
{
    return word_at(octets) | word_at(octets + 8) | word_at(octets + 16) | word_at(octets + 24);
}

/* Is any octet over 127? Eight octets at a time, and many times that between two branches. */
static bool has_eight_bit(const uint8_t *at, const uint8_t *end)
{
    uint64_t seen = 0;

    for (; end - at >= 64; at += 64) {
        seen |= four_words_at(at) | four_words_at(at + 32);
    }
    for (; at < end; at++) {
        seen |= *at;
    }
    return (seen & EVERY_OCTETS_TOP_BIT) != 0;
}

/* Pass over octets without LF, the line under way being `*line_length` long before and after them.
 * Bare CRs count as line ends, as they do for the library. Returns false if a line is too long. */
static bool pass_over(const uint8_t *at, const uint8_t *end, size_t *line_length)
{
    const uint8_t *cr;

    while ((cr = memchr(at, '\r', (size_t)(end - at))) != NULL) {
        if (*line_length + (size_t)(cr - at) > LINE_MAX_OCTETS) {
            return false;
        }
        *line_length = 0;
        at = cr + 1;
    }
    *line_length += (size_t)(end - at);
    return *line_length <= LINE_MAX_OCTETS;
}

/* In text with CRLF there is nothing to count, so the line end looked for is the last one that a
 * line can have here, and those before it are passed over unseen. */
static const uint8_t *last_line_end(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *lf = end - at > LINE_MAX_OCTETS + 2 ? at + LINE_MAX_OCTETS + 2 : end;

    while (lf > at) {
        lf--;
        if (*lf == '\n') {
            return lf;
        }
    }
    return NULL;
}

static const uint8_t *next_line_end(const struct scan *scan, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *lf = scan->bare_line_feeds == 0 ? last_line_end(at, end) : NULL;

    return lf != NULL ? lf : memchr(at, '\n', (size_t)(end - at));
}

/* The first line may have begun before `at`, and the last one may go on behind `end`. Returns the
 * line that is too long, or NULL. Only those that seem so are looked at closely. */
static const uint8_t *long_line(struct scan *scan, const uint8_t *at, const uint8_t *end,
                                size_t *line_length)
{
    const uint8_t *lf = memchr(at, '\n', (size_t)(end - at));

    if (lf != NULL && !pass_over(at, lf, line_length)) {
        return at;
    }
    while (lf != NULL) {
        scan->bare_line_feeds += lf[-1] != '\r';
        *line_length = 0;
        at = lf + 1;
        lf = next_line_end(scan, at, end);
        if (lf != NULL && lf - at > LINE_MAX_OCTETS &&
            memchr(at, '\n', (size_t)(lf - at)) == NULL && !pass_over(at, lf, line_length)) {
            return at;
        }
    }
    return pass_over(at, end, line_length) ? NULL : at;
}

static void fail(struct scan *scan, enum scan_fault fault, size_t offset)
{
    scan->fault = (uint8_t)fault;
    scan->fault_offset = scan->octets + offset;
}

static void scan_block(struct scan *scan, const uint8_t *block, size_t length, size_t *line_length)
{
    const uint8_t *nul = memchr(block, '\0', length);
    const uint8_t *end = nul != NULL ? nul : block + length;
    const uint8_t *line = long_line(scan, block, end, line_length);

    if (line != NULL) {
        fail(scan, SCAN_LONG_LINE, (size_t)(line - block));
    } else if (nul != NULL) {
        fail(scan, SCAN_NUL, (size_t)(nul - block));
    }
    scan->eight_bit = scan->eight_bit || has_eight_bit(block, end);
    scan->octets += length;
    scan->last = block[length - 1];
}

/* The octet before a block stands in front of it, so that a line end may lie across the border. */
static uint8_t memory[BLOCK_OFFSET + BLOCK_OCTETS];
static uint8_t *const block = memory + BLOCK_OFFSET;

int scan_file(int descriptor, struct scan *scan)
{
    size_t line_length = 0;
    ssize_t got;

    memset(scan, 0, sizeof *scan);
    scan->last = '\n';
    while (scan->fault == SCAN_GOOD && (got = read_some(descriptor, block, BLOCK_OCTETS)) != 0) {
        if (got < 0) {
            return errno;
        }
        block[-1] = scan->last;
        scan_block(scan, block, (size_t)got, &line_length);
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

uint64_t scan_wire_size(const struct scan *scan)
{
    bool ended = scan->last == '\n' || scan->last == '\r';

    return scan->octets + scan->bare_line_feeds + (ended ? 0 : 2);
}
