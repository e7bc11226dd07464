/* SPDX-License-Identifier: MIT */
#include "message/compose.h"

#include "message/date.h"
#include "message/header.h"
#include "message/quoted.h"

#include <string.h>

/* ---- Units ---- */

/* At most `room` octets to `buffer`, or, if that is NULL, just counted. Returns how many; fewer
 * only at the end, or where there is a fault. */
static size_t make(struct stint_composer *composer, uint8_t *buffer, size_t room)
{
    size_t made;

    composer->end = buffer != NULL ? buffer + room : NULL;
    composer->room = room;
    while (composer->place.text == NULL || *composer->place.text != '\0') {
        composer->position = 0;
        composer->column = 0;
        composer->next = composer->place;
        composer->unit(composer);
        if (composer->fault != STINT_MESSAGE_GOOD) {
            break;
        }
        made = composer->position - composer->taken;
        if (made > composer->room) {
            composer->taken += composer->room;
            return room;
        }
        composer->place = composer->next;
        composer->taken = 0;
        composer->room -= made;
    }
    return room - composer->room;
}

static int rewind_message(void *context)
{
    struct stint_composer *composer = context;

    memset(&composer->place, 0, sizeof composer->place);
    composer->taken = 0;
    return 0;
}

static int read_message(void *context, uint8_t *buffer, size_t room)
{
    struct stint_composer *composer = context;
    size_t n = make(composer, buffer, room);

    if (n > 0) {
        return (int)n;
    }
    return composer->fault == STINT_MESSAGE_GOOD ? STINT_SOURCE_END : STINT_SOURCE_FAILED;
}

/* What makes the message another than all others. */
static bool identify(struct stint_composer *composer)
{
    const struct stint_message *message = composer->message;

    composer->field = STINT_MESSAGE_ID;
    composer->fault = STINT_MESSAGE_ENTROPY;
    return message->id != NULL ||
           (message->entropy != NULL && message->entropy(message->entropy_context, composer->unique,
                                                         sizeof composer->unique) == 1);
}

enum stint_message_fault stint_compose_units(struct stint_composer *composer,
                                             const struct stint_message *message,
                                             void (*unit)(struct stint_composer *composer))
{
    struct stint_source *source = &composer->source;

    memset(composer, 0, sizeof *composer);
    composer->message = message;
    composer->unit = unit;
    if (identify(composer)) {
        /* To make it is to check it: what is wrong is found where it is written. */
        composer->fault = STINT_MESSAGE_GOOD;
        source->size = (uint32_t)make(composer, NULL, SIZE_MAX);
        (void)rewind_message(composer);
    }
    if (composer->fault == STINT_MESSAGE_GOOD) {
        source->read = read_message;
        source->rewind = rewind_message;
        source->context = composer;
        source->size_is_exact = true;
        source->content = STINT_CONTENT_7BIT;
    }
    return (enum stint_message_fault)composer->fault;
}

/* ---- A message of text alone ---- */

/* In the order that RFC 5322 3.6 suggests. A text in which nothing must be quoted is the same
 * quoted as it is. */
static const char header[] = STINT_HEADER_DATE "-0000\n"
                                               "From:" STINT_VALUE_FROM "\n"
                                               "To:" STINT_VALUE_TO "\n"
                                               "Message-ID: <" STINT_VALUE_ID ">\n"
                                               "Subject:" STINT_VALUE_SUBJECT "\n"
                                               "Auto-Submitted: auto-generated\n"
                                               "MIME-Version: 1.0\n"
                                               "Content-Type: text/plain; charset=utf-8\n"
                                               "Content-Transfer-Encoding: quoted-printable\n"
                                               "\n" STINT_VALUE_TEXT;

#define DATE_LENGTH (sizeof STINT_HEADER_DATE "-0000\n" - 1)

static bool has_date(struct stint_composer *composer)
{
    uint64_t unix_time = composer->message->unix_time;
    uint32_t seconds = (uint32_t)unix_time;

    if (unix_time >> 32 != 0 ||
        seconds - STINT_UNIX_TIME_MIN > STINT_UNIX_TIME_MAX - STINT_UNIX_TIME_MIN) {
        return false;
    }
    stint_date(composer->date, seconds);
    return true;
}

static void put_unit(struct stint_composer *composer)
{
    if (composer->next.text == NULL) {
        stint_header_put(composer, header + (has_date(composer) ? 0 : DATE_LENGTH),
                         stint_header_put_value);
        composer->next.text = composer->message->text;
    } else {
        stint_put_quoted_line(composer);
    }
}

enum stint_message_fault stint_compose(struct stint_composer *composer,
                                       const struct stint_message *message)
{
    return stint_compose_units(composer, message, put_unit);
}
