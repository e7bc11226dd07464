/* SPDX-License-Identifier: MIT */
#include "message/header.h"

#include "message/utf8.h"
#include "message/words.h"
#include "session/syntax.h"

#include <string.h>

/* No clock, or one that was never set, makes no date: it would be 1970's. */
static bool has_date(struct stint_composer *composer, uint32_t zone)
{
    uint64_t unix_time = composer->message->unix_time;
    uint32_t seconds = (uint32_t)unix_time + zone;

    if (unix_time >> 32 != 0 ||
        seconds - STINT_UNIX_TIME_MIN > STINT_UNIX_TIME_MAX - STINT_UNIX_TIME_MIN) {
        return false;
    }
    stint_date(composer->date, seconds);
    return true;
}

void stint_header_put(struct stint_composer *composer, const char *header,
                      stint_put_value put_value, uint32_t zone)
{
    if (!has_date(composer, zone)) {
        while (*header++ != '\n') {
        }
    }
    for (; *header != '\0' && composer->fault == STINT_MESSAGE_GOOD; header++) {
        if (((uint8_t)*header & 0x80) != 0) {
            composer->field = (uint8_t)*header & 0x7F;
            put_value(composer, composer->field);
        } else if (*header == '\n') {
            stint_put_line_end(composer);
        } else {
            stint_put_char(composer, (uint8_t)*header);
        }
    }
}

static void put_number(struct stint_composer *composer, unsigned number)
{
    static const char names[] = "WedThuFriSatSunMonTue"
                                "MarAprMayJunJulAugSepOctNovDecJanFeb";
    unsigned value = composer->date[number];

    if (number <= STINT_DATE_MONTH) {
        stint_put(composer, &names[3 * value], 3);
    } else {
        stint_put_char(composer, '0' + value / 10);
        stint_put_char(composer, '0' + value % 10);
    }
}

/* RFC 5322 3.6.4: on the left what is unique among the names of the domain on the right, which is
 * the sender's. */
static void put_random_id(struct stint_composer *composer)
{
    const char *address = composer->message->from.address;
    const char *at = address + strlen(address);
    size_t i;

    for (i = 0; i < sizeof composer->unique; i++) {
        stint_put_char(composer, 'a' + (composer->unique[i] & 15U));
    }
    while (*--at != '@') { /* there is one: From was put before */
    }
    stint_put_string(composer, at);
}

static void put_id(struct stint_composer *composer)
{
    const char *id = composer->message->id;

    if (id == NULL) {
        put_random_id(composer);
        return;
    }
    if (!stint_syntax_mailbox(id) || *id == '"') {
        composer->fault = STINT_MESSAGE_SYNTAX;
    }
    stint_put_string(composer, id);
}

void stint_header_put_value(struct stint_composer *composer, unsigned field)
{
    const struct stint_message *message = composer->message;

    switch (field) {
    case STINT_MESSAGE_FROM: stint_put_mailboxes(composer, &message->from, 1); break;
    case STINT_MESSAGE_TO:
        stint_put_mailboxes(composer, message->to.list, message->to.count);
        break;
    case STINT_MESSAGE_ID: put_id(composer); break;
    case STINT_MESSAGE_SUBJECT: stint_put_text(composer, message->subject); break;
    case STINT_MESSAGE_TEXT:
        if (composer->end == NULL) { /* only once */
            composer->fault = (uint8_t)stint_utf8_fault(message->text, 0);
        }
        break;
    default: put_number(composer, field); break;
    }
}
