/* SPDX-License-Identifier: MIT */

/*
 * compose < DESCRIPTIONS: make messages as the library does, for what parses them.
 *
 * A description is lines of a key and words; the last is "end". A string is "x" and its octets in
 * hexadecimal, or "-", which is NULL, as is what is not there; a number is decimal.
 *
 *     kind 0|1|2          text, files or letter
 *     room 80             octets read at a time
 *     from, sender NAME ADDRESS
 *     to, cc, reply_to NAME ADDRESS    each once more for another
 *     subject, id, text, html, in_reply_to, references, list_unsubscribe VALUE
 *     time, zone, author, priority NUMBER
 *     flowed 1            the text that comes before it
 *     extra NAME VALUE
 *     part NAME TYPE ID CONTENT HOW    m: in memory, r: read, e: read to its end; and t: as a text
 *
 * For each, "good LENGTH" and so many octets come out, or "bad FIELD FAULT ITEM".
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stint/stint.h"

#define MOST 400

static struct stint_mailbox to[MOST], cc[MOST], reply_to[MOST];
static struct stint_header extra[MOST];
static struct stint_part parts[MOST];
static struct stint_text texts[MOST];
static struct stint_letter letter;
static struct stint_letter_composer composer;
static void *kept[10 * MOST]; /* strings of the description */
static size_t kept_count;
static int kind;
static size_t room;

struct content {
    size_t length;
    const uint8_t *octets;
};

static void die(const char *what)
{
    fprintf(stderr, "compose: %s\n", what);
    exit(2);
}

static void *keep(size_t size)
{
    void *memory = calloc(1, size);

    if (memory == NULL || kept_count == sizeof kept / sizeof kept[0]) {
        die("no memory");
    }
    kept[kept_count++] = memory;
    return memory;
}

/* The next string, in memory of just its length and a NUL. */
static char *word(size_t *length)
{
    const char *hex = strtok(NULL, " \n");
    char digits[3] = "";
    char *text;
    size_t i;

    if (hex == NULL || *hex != 'x') {
        return NULL;
    }
    hex++;
    *length = strlen(hex) / 2;
    text = keep(*length + 1);
    for (i = 0; i < *length; i++) {
        memcpy(digits, hex + 2 * i, 2);
        text[i] = (char)strtoul(digits, NULL, 16);
    }
    return text;
}

static char *string(void)
{
    size_t length;

    return word(&length);
}

static long number(void)
{
    const char *digits = strtok(NULL, " \n");

    return digits != NULL ? strtol(digits, NULL, 10) : 0;
}

static int read_content(void *context, uint32_t offset, uint8_t *buffer, size_t room_there)
{
    const struct content *content = context;
    size_t n = content->length - offset;

    n = n < room_there ? n : room_there;
    memcpy(buffer, content->octets + offset, n);
    return n > 0 ? (int)n : STINT_SOURCE_END;
}

static void take_part(void)
{
    struct stint_text *text = &texts[letter.part_count];
    struct stint_part *part = &parts[letter.part_count++];
    struct content *content = keep(sizeof *content);
    const char *how;

    memset(part, 0, sizeof *part);
    part->name = string();
    part->type = string();
    part->id = string();
    content->octets = (const uint8_t *)word(&content->length);
    how = strtok(NULL, " \n");
    part->size = *how == 'e' ? STINT_PART_SIZE_UNKNOWN : (uint32_t)content->length;
    part->octets = *how == 'm' ? content->octets : NULL;
    part->read = read_content;
    part->context = content;
    if (how[1] == 't' && !stint_part_as_text(part, text)) {
        die("a part that cannot be read");
    }
}

static void take_mailbox(struct stint_mailbox *mailbox)
{
    mailbox->name = string();
    mailbox->address = string();
}

static void take_header(void)
{
    struct stint_header *header = &extra[letter.extra_count++];

    header->name = string();
    header->text = string();
}

static void flow_text(void)
{
    const char *text = letter.message.text;
    size_t length = stint_flow(NULL, 0, text);
    char *flowed = keep(length);

    (void)stint_flow(flowed, length, text);
    letter.message.text = flowed;
    letter.flowed = true;
}

static void take(const char *key)
{
    static const struct {
        const char *key;
        const char **value;
    } strings[] = {
        {"subject", &letter.message.subject},
        {"id", &letter.message.id},
        {"text", &letter.message.text},
        {"html", &letter.html},
        {"in_reply_to", &letter.in_reply_to},
        {"references", &letter.references},
        {"list_unsubscribe", &letter.list_unsubscribe},
    };
    size_t i;

    for (i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        if (strcmp(key, strings[i].key) == 0) {
            *strings[i].value = string();
            return;
        }
    }
    if (strcmp(key, "kind") == 0) {
        kind = (int)number();
    } else if (strcmp(key, "room") == 0) {
        room = (size_t)number();
    } else if (strcmp(key, "time") == 0) {
        letter.message.unix_time = (uint64_t)number();
    } else if (strcmp(key, "zone") == 0) {
        letter.zone = (int16_t)number();
    } else if (strcmp(key, "author") == 0) {
        letter.author = (uint8_t)number();
    } else if (strcmp(key, "priority") == 0) {
        letter.priority = (uint8_t)number();
    } else if (strcmp(key, "flowed") == 0) {
        flow_text();
    } else if (strcmp(key, "from") == 0) {
        take_mailbox(&letter.message.from);
    } else if (strcmp(key, "sender") == 0) {
        take_mailbox(&letter.sender);
    } else if (strcmp(key, "to") == 0) {
        take_mailbox(&to[letter.message.to.count++]);
    } else if (strcmp(key, "cc") == 0) {
        take_mailbox(&cc[letter.cc.count++]);
    } else if (strcmp(key, "reply_to") == 0) {
        take_mailbox(&reply_to[letter.reply_to.count++]);
    } else if (strcmp(key, "extra") == 0) {
        take_header();
    } else if (strcmp(key, "part") == 0) {
        take_part();
    } else {
        die(key);
    }
}

static enum stint_message_fault compose(void)
{
    switch (kind) {
    case 0: return stint_compose(&composer.composer, &letter.message);
    case 1: return stint_compose_files(&composer, &letter.message, letter.parts, letter.part_count);
    default: return stint_compose_letter(&composer, &letter);
    }
}

static void write_message(void)
{
    const struct stint_source *source = &composer.composer.source;
    uint8_t *octets = NULL;
    size_t length = 0;
    int got;

    do {
        octets = realloc(octets, length + room);
        if (octets == NULL) {
            die("no memory");
        }
        got = source->read(source->context, octets + length, room);
        length += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    if (got != STINT_SOURCE_END || (source->size_is_exact && source->size != length)) {
        die("the message has another end than was said");
    }
    printf("good %zu\n", length);
    fwrite(octets, 1, length, stdout);
    free(octets);
}

static void begin(void)
{
    while (kept_count > 0) {
        free(kept[--kept_count]);
    }
    memset(&letter, 0, sizeof letter);
    letter.message.to.list = to;
    letter.cc.list = cc;
    letter.reply_to.list = reply_to;
    letter.extra = extra;
    letter.parts = parts;
    kind = 0;
    room = 1000;
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    const char *key;

    begin();
    while (getline(&line, &size, stdin) > 0) {
        key = strtok(line, " \n");
        if (key == NULL || strcmp(key, "end") != 0) {
            take(key != NULL ? key : "an empty line");
        } else {
            if (compose() == STINT_MESSAGE_GOOD) {
                write_message();
            } else {
                printf("bad %s: %s: %u\n", stint_message_field_name(composer.composer.field),
                       stint_message_fault_name(composer.composer.fault), composer.composer.item);
            }
            fflush(stdout);
            begin();
        }
    }
    begin();
    free(line);
    return 0;
}
