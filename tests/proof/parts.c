/* SPDX-License-Identifier: MIT */

/*
 * The parts: types of at most SHORT octets, and such as are longer than is allowed; a part in
 * memory of every size up to two lines; and one that is read by a function that says and writes
 * what it likes.
 *
 * What the functions do that are only declared here, and stint_put, is proved by other drivers.
 */

#define SHORT 4
#define END   2

#include "texts.h"

#include <limits.h>

#include "mailbox.h"
#include "put.h"

#include "message/base64_lines.h"
#include "message/filename.h"
#include "message/parts.h"

#define MOST (2 * 57)

/*@ requires \valid_read(path);
    assigns composer->position \from composer->position, path[0 ..];
    assigns composer->column \from composer->column, path[0 ..];
    assigns composer->fault \from composer->fault, path[0 ..]; */
void stint_put_filename(struct stint_composer *composer, const char *path);

/*@ requires 0 < length <= STINT_BASE64_OCTETS && \valid_read(octets + (0 .. length - 1));
    requires \initialized(octets + (0 .. length - 1));
    assigns composer->position \from composer->position, length;
    assigns composer->column \from composer->column, length; */
void stint_put_base64_line(struct stint_composer *composer, const uint8_t *octets, size_t length);

static const struct stint_message message = {.id = "a@b"};
static struct stint_part part;
static struct stint_letter_composer composer;
static uint8_t memory[MOST];

/* In front of the part. */
static void start(void)
{
    static const struct stint_letter_composer none;

    composer = none;
    (void)stint_parts_set(&composer, &part, 1);
    composer.composer.fault = STINT_MESSAGE_GOOD;
    composer.composer.next.text = stint_parts_begin;
    composer.composer.end = memory + MOST;
    composer.composer.room = any_number(MOST);
}

static void check_type(const char *type)
{
    part.type = type;
    part.name = any_more() ? type : NULL;
    part.id = any_more() ? type : NULL;
    start();
    stint_parts_put_unit(&composer.composer, any_number(3));
    part.type = NULL;
    part.name = NULL;
    part.id = NULL;
}

static void from_memory(size_t size)
{
    part.octets = memory + MOST - size;
    part.size = (uint32_t)size;
    start();
    /*@ dynamic_split composer.composer.next.offset; */
    while (composer.composer.next.item == 0) {
        stint_parts_put_unit(&composer.composer, 1);
    }
}

/* Writes what it likes where it may, and says what it likes; of what it may say, one octet, all,
 * and all but one. */
static int read_any(void *context, uint32_t offset, uint8_t *buffer, size_t room)
{
    (void)context, (void)offset;
    buffer[0] = any_octet();
    buffer[room - 1] = any_octet();
    switch (any_number(4)) {
    case 0: return 1;
    case 1: return (int)room - 1;
    case 2: return (int)room;
    case 3: return Frama_C_interval((int)room + 1, INT_MAX);
    default: return Frama_C_interval(INT_MIN, 0);
    }
}

/* Where `offset` octets were given out, and `held` of those behind them are held. */
static void by_reading(uint32_t size, uint32_t offset, uint8_t held)
{
    size_t i;

    part.octets = NULL;
    part.read = read_any;
    part.size = size;
    start();
    /*@ loop unroll 57; */
    for (i = 0; i < sizeof composer.held; i++) {
        composer.held[i] = any_octet();
    }
    composer.composer.next.text = "inside";
    composer.composer.next.offset = offset;
    composer.held_offset = any_more() ? offset : any_number(UINT32_MAX);
    composer.held_length = held;
    stint_parts_put_unit(&composer.composer, 0);
    /*@ assert composer.held_length <= 57; */
}

static void by_reading_on(uint32_t size, uint32_t offset)
{
    by_reading(size, offset, 0);
    by_reading(size, offset, 2);
    by_reading(size, offset, 56);
    by_reading(size, offset, 57);
}

/* With no room at all. */
static void measured(void)
{
    part.size = any_number(UINT32_MAX);
    start();
    composer.composer.end = NULL;
    stint_parts_put_unit(&composer.composer, 0);
    stint_parts_put_unit(&composer.composer, 0);
}

static void put_all(struct stint_composer *it)
{
    if (it->next.text == NULL) {
        it->next.text = stint_parts_begin;
    } else if (it->next.item == 0) {
        stint_parts_put_unit(it, 1);
    } else {
        it->next.text = "";
    }
}

static void as_source(void)
{
    const struct stint_source *source = &composer.composer.source;

    part.size = 0;
    start();
    composer.endless = any_more();
    (void)stint_parts_compose(&composer, &message, put_all);
    (void)source->read(source->context, memory, 1);
    (void)source->rewind(source->context);
    composer.composer.fault = STINT_MESSAGE_SOURCE;
    composer.waits = any_more();
    (void)source->read(source->context, memory, 1);
}

int main(void)
{
    size_t size;

    short_texts(check_type);
    long_text(204, 200, END, check_type);
    /*@ loop unroll MOST + 1; */
    for (size = 0; size <= MOST; size++) {
        from_memory(size);
    }
    by_reading_on(3, 0);
    by_reading_on(60, 57);
    by_reading_on(STINT_PART_SIZE_UNKNOWN, any_number(UINT32_MAX - 58));
    measured();
    as_source();
    return 0;
}
