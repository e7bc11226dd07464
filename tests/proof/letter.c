/* SPDX-License-Identifier: MIT */

/*
 * The order of things in an alert, in one with files, and in a letter, with and without each of its
 * parts: for any clock, zone, author and priority, and numbers that do not exist. What writes the
 * strings is proved by other drivers; here it puts any octets, and finds any fault. From has an
 * "@": without one it was refused before the Message-ID is made of it.
 */

#include "any.h"
#include "mailbox.h"
#include "put.h"

#include "message/compose.h"
#include "message/date.h"
#include "message/encoding.h"
#include "message/fields.h"
#include "message/letter.h"
#include "message/quoted.h"
#include "message/utf8.h"
#include "message/words.h"

#define PARTS 2

/*@ assigns numbers[0 .. 6] \from seconds;
    ensures \initialized(numbers + (0 .. 6));
    ensures numbers[0] <= 6 && 7 <= numbers[1] <= 18; */
void stint_date(uint8_t *numbers, uint32_t seconds);

/* ---- What writes ---- */

static void put_any(struct stint_composer *composer)
{
    composer->position = any_number(UINT32_MAX);
    composer->column = any_number(UINT32_MAX);
    composer->fault = (uint8_t)any_number(STINT_MESSAGE_SOURCE);
}

void stint_put_words(struct stint_composer *composer, const char *text, bool quoted)
{
    (void)text, (void)quoted;
    put_any(composer);
}

void stint_put_mailboxes(struct stint_composer *composer, const struct stint_mailbox *list,
                         size_t count)
{
    /*@ assert \valid_read(list + (0 .. count - 1)); */
    put_any(composer);
}

void stint_put_mailbox_field(struct stint_composer *composer, const char *name,
                             const struct stint_mailbox *list, size_t count)
{
    (void)name;
    /*@ assert \valid_read(list + (0 .. count - 1)); */
    put_any(composer);
}

void stint_put_bracket_field(struct stint_composer *composer, const char *name, const char *text)
{
    (void)name, (void)text;
    put_any(composer);
}

void stint_put_extra_field(struct stint_composer *composer, const struct stint_header *extra)
{
    /*@ assert \valid_read(extra); */
    put_any(composer);
}

void stint_put_quoted_line(struct stint_composer *composer)
{
    /*@ assert \valid_read(composer->next.text); */
    composer->next.text = any_more() ? composer->next.text : "";
    put_any(composer);
}

void stint_put_base64_text(struct stint_composer *composer)
{
    stint_put_quoted_line(composer);
}

/* ---- What looks ---- */

enum stint_message_fault stint_utf8_fault(const char *text, uint8_t least)
{
    (void)text, (void)least;
    return (enum stint_message_fault)any_number(STINT_MESSAGE_SOURCE);
}

enum stint_encoding stint_encoding_of(const char *text)
{
    /*@ assert \valid_read(text); */
    return (enum stint_encoding)any_number(STINT_ENCODING_BASE64);
}

/* ---- The parts ---- */

const char stint_parts_begin[] = "begin";

enum stint_message_fault stint_parts_set(struct stint_letter_composer *composer,
                                         const struct stint_part *parts, uint16_t count)
{
    composer->parts = parts;
    composer->part_count = count;
    return (enum stint_message_fault)any_number(STINT_MESSAGE_SOURCE);
}

void stint_parts_put_boundary(struct stint_composer *composer, unsigned level, const char *end)
{
    (void)level, (void)end;
    put_any(composer);
}

void stint_parts_skip(struct stint_composer *composer)
{
    composer->next.item++;
    composer->next.text = stint_parts_begin;
}

void stint_parts_put_unit(struct stint_composer *composer, unsigned level)
{
    const struct stint_letter_composer *letter = stint_letter_composer(composer);

    (void)level;
    /*@ assert \valid_read(letter->parts + composer->next.item); */
    composer->next.text = "inside";
    if (any_more()) {
        stint_parts_skip(composer);
    }
    put_any(composer);
}

/* ---- What asks for one unit after the other ---- */

enum stint_message_fault stint_compose_units(struct stint_composer *composer,
                                             const struct stint_message *message,
                                             void (*unit)(struct stint_composer *composer))
{
    composer->message = message;
    composer->unit = unit;
    return STINT_MESSAGE_GOOD;
}

enum stint_message_fault stint_parts_compose(struct stint_letter_composer *composer,
                                             const struct stint_message *message,
                                             void (*unit)(struct stint_composer *composer))
{
    return stint_compose_units(&composer->composer, message, unit);
}

static struct stint_letter_composer composer;

static void make(struct stint_composer *it)
{
    it->end = any_more() ? (uint8_t *)&composer : NULL;
    it->room = any_number(UINT32_MAX);
    it->taken = any_number(UINT32_MAX);
    /*@ dynamic_split composer.composer.next.row; */
    /*@ dynamic_split composer.composer.next.item; */
    while (it->next.text == NULL || *it->next.text != '\0') {
        it->position = 0;
        it->column = 0;
        it->unit(it);
        if (it->fault != STINT_MESSAGE_GOOD) {
            break;
        }
    }
}

/* ---- What there is ---- */

static const struct stint_mailbox mailboxes[2] = {{NULL, "a@b"}, {"A", "a@b"}};
static const struct stint_header extra[2] = {{"A", "a"}, {"B", "b"}};
static struct stint_part parts[PARTS];
static struct stint_alert alert;

static void set_message(struct stint_message *message)
{
    message->from.address = "a@b";
    message->to.list = mailboxes;
    message->to.count = (uint16_t)any_number(2);
    message->id = any_more() ? "c@d" : NULL;
    message->unix_time = any_number(UINT32_MAX) + ((uint64_t)any_number(1) << 32);
    message->text = "text";
}

static void compose_letter(const char *text, const char *html, uint16_t part_count)
{
    static struct stint_letter letter;
    static struct stint_recipient recipients[2];

    set_message(&letter.message);
    letter.message.text = text;
    letter.html = html;
    letter.zone = (int16_t)Frama_C_interval(INT16_MIN, INT16_MAX);
    letter.author = any_octet();
    letter.priority = any_octet();
    letter.sender.address = any_more() ? "a@b" : NULL;
    letter.cc.list = mailboxes;
    letter.cc.count = (uint16_t)any_number(2);
    letter.extra = extra;
    letter.extra_count = (uint16_t)any_number(2);
    letter.parts = parts;
    letter.part_count = part_count;
    if (stint_compose_letter(&composer, &letter) == STINT_MESSAGE_GOOD) {
        make(&composer.composer);
    }
    (void)stint_letter_recipients(&letter, recipients, any_number(2));
}

static void compose_files(uint16_t part_count)
{
    static struct stint_message message;

    set_message(&message);
    if (stint_compose_files(&composer, &message, parts, part_count) == STINT_MESSAGE_GOOD) {
        make(&composer.composer);
    }
}

int main(void)
{
    uint16_t count;

    parts[0].id = any_more() ? "a@b" : NULL;
    parts[1].id = any_more() ? "a@b" : NULL;
    /*@ loop unroll PARTS + 1; */
    for (count = 0; count <= PARTS; count++) {
        compose_letter(NULL, NULL, count);
        compose_letter("text", NULL, count);
        compose_letter(NULL, "html", count);
        compose_letter("text", "html", count);
        compose_files(count);
    }
    set_message(&alert.message);
    (void)stint_alert(&alert, "a@b", "c@d", "subject", "text");
    make(&alert.composer);
    (void)stint_message_field_name(any_number(UINT16_MAX));
    (void)stint_message_fault_name(any_number(UINT16_MAX));
    return 0;
}
