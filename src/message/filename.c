/* SPDX-License-Identifier: MIT */
#include "message/filename.h"

#include "message/quoted.h"
#include "message/utf8.h"

#include <string.h>

#define NAME_LIMIT 255U

/* RFC 2231 3: columns of a line, but for a last character of 12. */
#define SEGMENT_COLUMNS (STINT_LINE - 1 - 12)

/* Columns of a name that needs but one line, or fits in quotes. */
#define SINGLE_COLUMNS (SEGMENT_COLUMNS - (sizeof " filename*=UTF-8''" - 1))

static const char *file_of(const char *path)
{
    const char *name = path;

    for (; *path != '\0'; path++) {
        if (*path == '/' || *path == '\\') {
            name = path + 1;
        }
    }
    return name;
}

/* Only dots name a folder, or nothing. */
static bool is_file(const char *name)
{
    while (*name == '.' || *name == '"') {
        name++;
    }
    return *name != '\0';
}

/* RFC 2231 7 attribute-char, of them those that nobody takes for anything else. */
static bool is_plain(char c)
{
    return (uint8_t)((c | 0x20) - 'a') <= 'z' - 'a' || (uint8_t)(c - '0') <= 9 || c == '.' ||
           c == '-' || c == '_';
}

static void put_octet(struct stint_composer *composer, char c)
{
    char octets[3];

    if (is_plain(c)) {
        stint_put_char(composer, (uint8_t)c);
    } else {
        stint_quote(octets, c);
        octets[0] = '%';
        stint_put(composer, octets, sizeof octets);
    }
}

static void put_number(struct stint_composer *composer, unsigned number)
{
    if (number >= 10) {
        stint_put_char(composer, '0' + number / 10);
    }
    stint_put_char(composer, '0' + number % 10);
}

static size_t columns_of(const char *name)
{
    size_t columns = 0;

    for (; *name != '\0'; name++) {
        columns += is_plain(*name) ? 1 : 3;
    }
    return columns;
}

/* RFC 2231 4.1: in segments, if there are several. */
static void put_extended(struct stint_composer *composer, const char *name)
{
    bool single = columns_of(name) <= SINGLE_COLUMNS;
    unsigned segment;

    for (segment = 0; *name != '\0'; segment++) {
        stint_put_char(composer, ';');
        stint_put_line_end(composer);
        stint_put_string(composer, " filename*");
        if (!single) {
            put_number(composer, segment);
            stint_put_char(composer, '*');
        }
        stint_put_string(composer, segment == 0 ? "=UTF-8''" : "=");
        while (*name != '\0' &&
               (composer->column < SEGMENT_COLUMNS || ((uint8_t)*name & 0xC0) == 0x80)) {
            if (*name != '"') {
                put_octet(composer, *name);
            }
            name++;
        }
    }
}

/* ASCII; and no encoded word, which readers decode even there (RFC 2047 5 forbids it): none is
 * without "?". */
static bool may_be_in_quotes(const char *name)
{
    while (*name >= ' ' && *name <= '~' && *name != '?') {
        name++;
    }
    return *name == '\0';
}

static void put_in_quotes(struct stint_composer *composer, const char *name)
{
    stint_put_char(composer, ';');
    stint_put_line_end(composer);
    stint_put_string(composer, " filename=\"");
    for (; *name != '\0'; name++) {
        if (*name != '"') {
            stint_put_char(composer, (uint8_t)*name);
        }
    }
    stint_put_char(composer, '"');
}

void stint_put_filename(struct stint_composer *composer, const char *path)
{
    const char *name = file_of(path);

    composer->fault = (uint8_t)stint_utf8_fault(path, ' ');
    if (!is_file(name)) {
        composer->fault = STINT_MESSAGE_SYNTAX;
    } else if (strlen(name) > NAME_LIMIT) {
        composer->fault = STINT_MESSAGE_TOO_LONG;
    } else if (may_be_in_quotes(name) && strlen(name) <= SINGLE_COLUMNS) {
        put_in_quotes(composer, name);
    } else {
        put_extended(composer, name);
    }
}
