/* SPDX-License-Identifier: MIT */
#include "message/compose.h"

#include <string.h>

/* At most `room` octets up to `end`, or, if that is NULL, just counted. Returns how many; fewer
 * only at the message's end, or where there is a fault. */
static size_t make(struct stint_composer *composer, uint8_t *end, size_t room)
{
    size_t last; /* of the unit there is room up to here */

    composer->end = end;
    composer->room = room;
    while (composer->place.text == NULL || *composer->place.text != '\0') {
        composer->position = 0;
        composer->column = 0;
        composer->next = composer->place;
        composer->unit(composer);
        if (composer->fault != STINT_MESSAGE_GOOD) {
            break;
        }
        last = composer->taken + composer->room;
        if (composer->position > last) {
            composer->taken = last;
            return room;
        }
        composer->place = composer->next;
        composer->taken = 0;
        composer->room = last - composer->position;
    }
    return room - composer->room;
}

int stint_compose_rewind(void *context)
{
    struct stint_composer *composer = context;

    memset(&composer->place, 0, sizeof composer->place);
    composer->taken = 0;
    return 0;
}

int stint_compose_read(void *context, uint8_t *buffer, size_t room)
{
    struct stint_composer *composer = context;
    size_t n = make(composer, buffer + room, room);

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
        (void)stint_compose_rewind(composer);
    }
    if (composer->fault == STINT_MESSAGE_GOOD) {
        source->read = stint_compose_read;
        source->rewind = stint_compose_rewind;
        source->context = composer;
        source->size_is_exact = true;
        source->content = STINT_CONTENT_7BIT;
    }
    return (enum stint_message_fault)composer->fault;
}
