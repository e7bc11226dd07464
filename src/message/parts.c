/* SPDX-License-Identifier: MIT */
#include "message/parts.h"

#include "message/base64_lines.h"
#include "message/compose.h"
#include "message/filename.h"
#include "message/utf8.h"
#include "session/syntax.h"

#include <string.h>

/* Octets of a part's type. */
#define TYPE_LIMIT 200

/* What `text` of a place is, in front of a body and in it, where that is no text. */
const char stint_parts_begin[] = "begin";
static const char inside[] = "inside";

/* ---- What is wrong with them ---- */

/* Octets of the token that `text` begins with (RFC 2045 5.1). */
static size_t token(const char *text)
{
    static const char specials[] = "()<>@,;:\\\"/[]?=";
    size_t n = 0;

    while (text[n] > ' ' && text[n] <= '~' &&
           memchr(specials, text[n], sizeof specials - 1) == NULL) {
        n++;
    }
    return n;
}

static bool begins(const char *type, const char *lower)
{
    while (*lower != '\0' && (*type | 0x20) == *lower) {
        type++;
        lower++;
    }
    return *lower == '\0';
}

/* RFC 2045 5.1; and 6.4: what holds other messages must not be encoded. */
static bool is_type(const char *type)
{
    const char *subtype = type + token(type) + 1;
    const char *c;

    if (subtype[-1] != '/' || token(type) == 0 || token(subtype) == 0 ||
        begins(type, "multipart/") || begins(type, "message/")) {
        return false;
    }
    c = subtype + token(subtype);
    if (*c != '\0' && *c != ';') {
        return false;
    }
    while (*c >= ' ' && *c <= '~') {
        c++;
    }
    return *c == '\0' && c - type <= TYPE_LIMIT;
}

static enum stint_message_fault part_fault(const struct stint_part *part)
{
    if (part->octets == NULL && part->read == NULL && part->size > 0) {
        return STINT_MESSAGE_MISSING;
    }
    if ((part->type != NULL && !is_type(part->type)) ||
        (part->id != NULL && (!stint_syntax_mailbox(part->id) || part->id[0] == '"'))) {
        return STINT_MESSAGE_SYNTAX;
    }
    return STINT_MESSAGE_GOOD;
}

enum stint_message_fault stint_parts_set(struct stint_letter_composer *composer,
                                         const struct stint_part *parts, uint16_t count)
{
    enum stint_message_fault fault = STINT_MESSAGE_GOOD;
    uint32_t left = STINT_PARTS_MAX;
    uint16_t i;

    composer->parts = parts;
    composer->part_count = count;
    composer->composer.field = STINT_MESSAGE_PART;
    for (i = 0; i < count && fault == STINT_MESSAGE_GOOD; i++) {
        composer->composer.item = i;
        fault = part_fault(&parts[i]);
        if (parts[i].octets == NULL && parts[i].size == STINT_PART_SIZE_UNKNOWN) {
            composer->endless = true;
        } else if (parts[i].size > left) {
            fault = STINT_MESSAGE_TOO_LONG;
        } else {
            left -= parts[i].size;
        }
    }
    return fault;
}

/* ---- The source ---- */

/* A part that has no octet now is no fault. */
static int read_parts(void *context, uint8_t *buffer, size_t room)
{
    struct stint_letter_composer *composer = context;
    int got = stint_compose_read(context, buffer, room);

    if (got == STINT_SOURCE_FAILED && composer->waits) {
        composer->composer.fault = STINT_MESSAGE_GOOD;
        return STINT_SOURCE_AGAIN;
    }
    return got;
}

static int rewind_parts(void *context)
{
    struct stint_letter_composer *composer = context;

    composer->held_length = 0;
    composer->composer.fault = STINT_MESSAGE_GOOD; /* what failed may do now */
    return stint_compose_rewind(context);
}

enum stint_message_fault stint_parts_compose(struct stint_letter_composer *composer,
                                             const struct stint_message *message,
                                             void (*unit)(struct stint_composer *composer))
{
    struct stint_source *source = &composer->composer.source;
    enum stint_message_fault fault = stint_compose_units(&composer->composer, message, unit);

    if (fault == STINT_MESSAGE_GOOD) {
        source->read = read_parts;
        source->rewind = rewind_parts;
        source->size_is_exact = !composer->endless;
        source->size = composer->endless ? 0 : source->size;
    }
    return fault;
}

/* ---- What is put ---- */

static void put_line(struct stint_composer *composer, const char *line)
{
    stint_put_string(composer, line);
    stint_put_line_end(composer);
}

void stint_parts_put_boundary(struct stint_composer *composer, unsigned level, const char *end)
{
    stint_put_string(composer, "--=_");
    stint_put_char(composer, '0' + level);
    put_line(composer, end);
}

static void put_header(struct stint_composer *composer, const struct stint_part *part)
{
    const char *type = part->type != NULL ? part->type : "application/octet-stream";

    composer->field = STINT_MESSAGE_PART;
    composer->item = composer->next.item;
    stint_put_string(composer, "Content-Type:");
    stint_put_space(composer, strlen(type));
    put_line(composer, type);
    put_line(composer, "Content-Transfer-Encoding: base64");
    if (part->id != NULL) {
        stint_put_string(composer, "Content-ID: <");
        stint_put_string(composer, part->id);
        put_line(composer, ">");
    }
    stint_put_string(composer, part->id != NULL ? "Content-Disposition: inline"
                                                : "Content-Disposition: attachment");
    if (part->name != NULL && part->name[0] != '\0') {
        stint_put_filename(composer, part->name);
    }
    put_line(composer, "\r\n");
}

/* Of a part that is read by `read`: hold the octets of a line from `next.offset` on, at most
 * `length`. Returns false if they are not all there. */
static bool hold(struct stint_composer *composer, const struct stint_part *part, size_t length)
{
    struct stint_letter_composer *held = stint_letter_composer(composer);
    bool is_endless = part->size == STINT_PART_SIZE_UNKNOWN;
    uint32_t offset = composer->next.offset;
    size_t room;
    int got = 1;

    if (held->held_offset != offset) {
        held->held_length = 0;
        held->held_offset = offset;
    }
    while (held->held_length < length && got > 0) {
        room = length - held->held_length;
        got = offset <= STINT_PARTS_MAX ? part->read(part->context, offset + held->held_length,
                                                     held->held + held->held_length, room)
                                        : STINT_SOURCE_FAILED;
        if (got > 0 && (size_t)got <= room) {
            held->held_length = (uint8_t)(held->held_length + got);
        } else if (got != STINT_SOURCE_END || !is_endless) {
            held->waits = got == STINT_SOURCE_AGAIN;
            composer->fault = STINT_MESSAGE_SOURCE;
            return false;
        }
    }
    return true;
}

void stint_parts_skip(struct stint_composer *composer)
{
    composer->next.item++;
    composer->next.offset = 0;
    composer->next.text = stint_parts_begin;
}

/* A line, and as many more as there is room for: that is faster than a unit for each. */
static void put_memory(struct stint_composer *composer, const struct stint_part *part)
{
    const uint8_t *octets = part->octets;
    uint32_t left;

    do {
        left = part->size - composer->next.offset;
        left = left < STINT_BASE64_OCTETS ? left : STINT_BASE64_OCTETS;
        stint_put_base64_line(composer, octets + composer->next.offset, left);
        composer->next.offset += left;
    } while (composer->next.offset < part->size &&
             composer->position + STINT_BASE64_LINE <= composer->taken + composer->room);
}

static void put_read(struct stint_composer *composer, const struct stint_part *part)
{
    const struct stint_letter_composer *held = stint_letter_composer(composer);
    uint32_t left = part->size - composer->next.offset;

    if (!hold(composer, part, left < STINT_BASE64_OCTETS ? left : STINT_BASE64_OCTETS)) {
        return;
    }
    if (held->held_length == 0) {
        stint_parts_skip(composer);
        return;
    }
    stint_put_base64_line(composer, held->held, held->held_length);
    composer->next.offset += held->held_length;
}

static void put_octets(struct stint_composer *composer, const struct stint_part *part)
{
    if (composer->next.offset == part->size) {
        stint_parts_skip(composer);
    } else if (composer->end == NULL) { /* only measured */
        if (part->size != STINT_PART_SIZE_UNKNOWN) {
            composer->position += stint_base64_size(part->size);
        }
        composer->next.offset = part->size;
    } else if (part->octets != NULL) {
        put_memory(composer, part);
    } else {
        put_read(composer, part);
    }
}

void stint_parts_put_unit(struct stint_composer *composer, unsigned level)
{
    struct stint_letter_composer *held = stint_letter_composer(composer);
    const struct stint_part *part = &held->parts[composer->next.item];

    if (composer->next.text != stint_parts_begin) {
        put_octets(composer, part);
        return;
    }
    if (level > 0) {
        stint_parts_put_boundary(composer, level, "");
    }
    put_header(composer, part);
    held->held_length = 0;
    composer->next.text = inside;
}
