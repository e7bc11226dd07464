/* SPDX-License-Identifier: MIT */
#include "stint/letter.h"

/* A text as a part: as it is stored, and of each line end what is missing. */

static bool is_endless(const struct stint_part *part)
{
    return part->octets == NULL && part->size == STINT_PART_SIZE_UNKNOWN;
}

static void begin(struct stint_text *text)
{
    text->at = text->stored.octets;
    text->left = text->at != NULL ? text->stored.size : 0;
    text->offset = 0;
    text->last = 0;
}

/* The next octets of what is read. Returns as `read` does. */
static int fetch(struct stint_text *text)
{
    const struct stint_part *stored = &text->stored;
    uint32_t left = stored->size - text->offset;
    size_t room = left < sizeof text->block ? left : sizeof text->block;
    int got;

    if (stored->octets != NULL || left == 0) {
        return STINT_SOURCE_END;
    }
    got = stored->read(stored->context, text->offset, text->block, room);
    if (got > 0 && (size_t)got <= room) {
        text->at = text->block;
        text->left = (uint32_t)got;
        text->offset += text->left;
        return got;
    }
    return got == STINT_SOURCE_AGAIN || (got == STINT_SOURCE_END && is_endless(stored))
               ? got
               : STINT_SOURCE_FAILED;
}

/* A CR and an LF are a line end; where one is alone, the other one is put first. */
static int read_text(void *context, uint32_t offset, uint8_t *buffer, size_t room)
{
    struct stint_text *text = context;
    size_t n = 0;
    int got = STINT_SOURCE_END;
    uint8_t c;

    if (offset == 0) {
        begin(text);
    }
    while (n < room) {
        if (text->left == 0) {
            got = fetch(text);
            if (got < 0 && (got != STINT_SOURCE_END || text->last != '\r')) {
                break;
            }
        }
        c = text->left > 0 ? *text->at : '\0';
        if ((text->last == '\r') != (c == '\n')) {
            c = c == '\n' ? '\r' : '\n';
        } else {
            text->at++;
            text->left--;
        }
        text->last = c;
        buffer[n++] = c;
    }
    return n > 0 && got != STINT_SOURCE_FAILED ? (int)n : got;
}

/* To measure it is to read it. Returns false if it does not come to an end. */
static bool measure(struct stint_text *text, uint32_t *size)
{
    uint8_t octets[STINT_PART_ROOM];
    int got;

    *size = 0;
    do {
        got = read_text(text, *size, octets, sizeof octets);
        *size += got > 0 ? (uint32_t)got : 0;
    } while (got > 0 && *size <= STINT_PARTS_MAX);
    return got > 0 || got == STINT_SOURCE_END;
}

bool stint_part_as_text(struct stint_part *part, struct stint_text *text)
{
    uint32_t size = STINT_PART_SIZE_UNKNOWN;

    if (part->octets == NULL && part->read == NULL) {
        return true; /* it has no octet, or is refused with those that it should have */
    }
    if (part->octets != NULL || part->context != text) { /* else it is one already */
        text->stored = *part;
    }
    if (!is_endless(&text->stored) && !measure(text, &size)) {
        return false;
    }
    part->size = size;
    part->octets = NULL;
    part->read = read_text;
    part->context = text;
    return true;
}
