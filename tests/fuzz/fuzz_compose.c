/* SPDX-License-Identifier: MIT */

/*
 * Composing: whatever the strings, a letter is refused, or its octets are what a header and lines
 * may be.
 *
 * Input: settings, a seed for the pieces, and the letter's strings and parts.
 * Promise: a good one is of the size that is told, the same however it is read, of CRLF lines
 * within 998 octets of ASCII; its fields are those that it may have, once; and no line but its own
 * begins as a boundary does.
 */

#include "fuzz.h"

#include "stint/stint.h"

#define MOST 60000

struct room {
    char *strings[32];
    size_t count;
};

/* A string of the input: NULL now and then. */
static char *take_string(struct input *input, struct room *room)
{
    struct input piece = take_piece(input);

    if (piece.left == 1) {
        return NULL;
    }
    room->strings[room->count] = exact_string(piece.octets, piece.left);
    return room->strings[room->count++];
}

static void take_letter(struct input *input, struct room *room, struct stint_letter *letter,
                        struct stint_mailbox *to, struct stint_header *extra,
                        struct stint_part *part, uint8_t *more)
{
    uint8_t settings = take_octet(input);
    struct input content;

    letter->message.from.address = (settings & 1) != 0 ? "a@b.example" : take_string(input, room);
    letter->message.from.name = take_string(input, room);
    to->address = (settings & 2) != 0 ? "c@d.example" : take_string(input, room);
    to->name = take_string(input, room);
    letter->message.to.list = to;
    letter->message.to.count = 1;
    letter->message.id = (settings & 4) != 0 ? "1@b.example" : take_string(input, room);
    letter->message.subject = take_string(input, room);
    letter->message.text = take_string(input, room);
    letter->message.unix_time = (uint64_t)take_octet(input) << 24;
    letter->zone = (int16_t)(take_octet(input) * 12 - 1530);
    *more = take_octet(input);
    letter->author = *more & 3;
    letter->priority = take_octet(input) & 3;
    letter->html = take_string(input, room);
    letter->references = take_string(input, room);
    extra->name = (settings & 8) != 0 ? "X-Device" : take_string(input, room);
    extra->text = take_string(input, room);
    letter->extra = extra;
    letter->extra_count = (settings & 16) != 0;
    part->name = take_string(input, room);
    part->type = (settings & 32) != 0 ? NULL : take_string(input, room);
    part->id = (settings & 64) != 0 ? NULL : take_string(input, room);
    content = take_piece(input);
    part->octets = content.octets;
    part->size = (uint32_t)content.left;
    letter->parts = part;
    letter->part_count = (settings & 128) != 0;
}

static void flow_text(struct room *room, struct stint_letter *letter)
{
    const char *text = letter->message.text;
    size_t length = stint_flow(NULL, 0, text);
    char *flowed = malloc(length);

    PROMISE(flowed != NULL && stint_flow(flowed, length, text) == length);
    PROMISE(strlen(flowed) == length - 1);
    letter->message.text = flowed;
    letter->flowed = true;
    room->strings[room->count++] = flowed;
}

/* Returns the length. */
static size_t read_all(const struct stint_source *source, uint32_t seed, uint8_t *octets)
{
    size_t n = 0;
    int got;

    PROMISE(source->rewind(source->context) == 0);
    do {
        size_t room = seed == 0 ? MOST : piece_size(&seed, MOST);
        uint8_t *piece = malloc(room);

        PROMISE(piece != NULL);
        got = source->read(source->context, piece, room);
        PROMISE(got <= (int)room && got != 0 && n + room <= 2 * MOST);
        if (got > 0) {
            memcpy(octets + n, piece, (size_t)got);
            n += (size_t)got;
        }
        free(piece);
    } while (got > 0);
    PROMISE(got == STINT_SOURCE_END);
    return n;
}

static void check_lines(const uint8_t *octets, size_t length, unsigned boundaries)
{
    const uint8_t *line = octets;
    const uint8_t *end;
    unsigned found = 0;

    while (line < octets + length) {
        end = memchr(line, '\r', (size_t)(octets + length - line));
        PROMISE(end != NULL && end + 1 < octets + length && end[1] == '\n');
        PROMISE(end - line <= 998);
        found += end - line >= 4 && memcmp(line, "--=_", 4) == 0;
        for (; line < end; line++) {
            PROMISE(*line >= ' ' && *line <= '~');
        }
        line = end + 2;
    }
    PROMISE(found <= boundaries);
}

/* Each of the fields is there as often as it may be, and no other. */
static void check_fields(const uint8_t *octets)
{
    static const char *const names[] = {"Date",
                                        "From",
                                        "To",
                                        "Message-ID",
                                        "References",
                                        "Subject",
                                        "Importance",
                                        "Auto-Submitted",
                                        "MIME-Version",
                                        "Content-Type",
                                        "Content-Transfer-Encoding",
                                        "Content-Disposition",
                                        "Content-ID",
                                        "X-Priority"};
    unsigned seen = 0;
    unsigned others = 0;
    const char *line = (const char *)octets;
    size_t i;

    while (line[0] != '\r') {
        PROMISE(line[0] != ' ' || line[1] != '\r');
        for (i = 0; i < sizeof names / sizeof names[0] && line[0] != ' '; i++) {
            size_t length = strlen(names[i]);

            if (strncmp(line, names[i], length) == 0 && line[length] == ':') {
                PROMISE((seen & 1U << i) == 0);
                seen |= 1U << i;
                break;
            }
        }
        others += line[0] != ' ' && i == sizeof names / sizeof names[0];
        line = strchr(line, '\n') + 1;
    }
    PROMISE(others <= 1); /* the extra one */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct stint_letter_composer composer;
    static uint8_t octets[2 * MOST + 1], again[2 * MOST + 1];
    const struct stint_source *source = &composer.composer.source;
    struct input input = {data, size};
    uint32_t seed = take_octet(&input) + 1U;
    struct room room = {.count = 0};
    struct stint_letter letter = {.author = 0};
    struct stint_mailbox to = {NULL, NULL};
    struct stint_header extra = {NULL, NULL};
    struct stint_part part = {.name = NULL};
    struct stint_text text;
    uint8_t more;
    size_t length;

    take_letter(&input, &room, &letter, &to, &extra, &part, &more);
    if ((more & 4) != 0) {
        PROMISE(stint_part_as_text(&part, &text));
    }
    if ((more & 8) != 0 && letter.message.text != NULL) {
        flow_text(&room, &letter);
    }
    if (stint_compose_letter(&composer, &letter) == STINT_MESSAGE_GOOD) {
        length = read_all(source, 0, octets);
        octets[length] = '\0';
        PROMISE(length == source->size && source->size_is_exact);
        PROMISE(read_all(source, seed, again) == length);
        PROMISE(memcmp(octets, again, length) == 0);
        check_lines(octets, length, 8);
        check_fields(octets);
    } else {
        PROMISE(source->read == NULL);
        PROMISE(*stint_message_field_name(composer.composer.field) != '?');
        PROMISE(*stint_message_fault_name(composer.composer.fault) != '?');
    }
    while (room.count > 0) {
        free(room.strings[--room.count]);
    }
    return 0;
}
