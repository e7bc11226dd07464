/* SPDX-License-Identifier: MIT */
#include "message/letter.h"

#include "message/compose.h"
#include "message/fields.h"

#include <string.h>

#define ZONE_LIMIT 1440

/* RFC 5322 3.6. Where a whole field is a value, it may be left out. */
static const char header[] = STINT_HEADER_DATE STINT_VALUE_ZONE
    "\n"
    "From:" STINT_VALUE_FROM
    "\n" STINT_VALUE_SENDER STINT_VALUE_REPLY_TO STINT_VALUE_TO STINT_VALUE_CC
    "Message-ID: <" STINT_VALUE_ID ">\n" STINT_VALUE_IN_REPLY_TO STINT_VALUE_REFERENCES
    "Subject:" STINT_VALUE_SUBJECT
    "\n" STINT_VALUE_AUTHOR STINT_VALUE_PRIORITY STINT_VALUE_LIST_UNSUBSCRIBE STINT_VALUE_EXTRA
    "MIME-Version: 1.0\n";

static int zone_offset(int zone)
{
    return zone == STINT_ZONE_UTC ? 0 : zone;
}

static void put_two(struct stint_composer *composer, unsigned value)
{
    stint_put_char(composer, '0' + value / 10);
    stint_put_char(composer, '0' + value % 10);
}

static void put_zone(struct stint_composer *composer, int zone)
{
    int minutes = zone_offset(zone);

    stint_put_char(composer, zone > 0 ? '+' : '-');
    minutes = minutes < 0 ? -minutes : minutes;
    put_two(composer, (unsigned)minutes / 60);
    put_two(composer, (unsigned)minutes % 60);
}

/* A letter that names nobody says so: filters think ill of one without To. */
static void put_to(struct stint_composer *composer, const struct stint_letter *letter)
{
    const struct stint_mailboxes *to = &letter->message.to;

    if (to->count == 0 && letter->cc.count == 0) {
        stint_put_string(composer, "To: undisclosed-recipients:;");
        stint_put_line_end(composer);
    }
    stint_put_mailbox_field(composer, "To:", to->list, to->count);
}

/* One of three lines, the first of which is for 0. */
static void put_line_of(struct stint_composer *composer, const char *const *lines, unsigned which)
{
    if (which > 2) {
        composer->fault = STINT_MESSAGE_RANGE;
        return;
    }
    stint_put_string(composer, lines[which]);
    composer->column = 0;
}

static void put_author(struct stint_composer *composer, unsigned author)
{
    static const char *const lines[] = {"Auto-Submitted: auto-generated\r\n",
                                        "Auto-Submitted: auto-replied\r\n", ""};

    put_line_of(composer, lines, author);
}

/* Some clients show the one, some the other. */
static void put_priority(struct stint_composer *composer, unsigned priority)
{
    static const char *const lines[] = {"", "Importance: high\r\nX-Priority: 1\r\n",
                                        "Importance: low\r\nX-Priority: 5\r\n"};

    put_line_of(composer, lines, priority);
}

static void put_extra(struct stint_composer *composer, const struct stint_letter *letter)
{
    uint16_t i;

    for (i = 0; i < letter->extra_count && composer->fault == STINT_MESSAGE_GOOD; i++) {
        composer->item = i;
        stint_put_extra_field(composer, &letter->extra[i]);
    }
}

static void put_value(struct stint_composer *composer, unsigned field)
{
    const struct stint_letter *letter = stint_letter_composer(composer)->letter;

    switch (field) {
    case STINT_MESSAGE_ZONE: put_zone(composer, letter->zone); break;
    case STINT_MESSAGE_SENDER:
        stint_put_mailbox_field(composer, "Sender:", &letter->sender,
                                letter->sender.address != NULL);
        break;
    case STINT_MESSAGE_REPLY_TO:
        stint_put_mailbox_field(composer, "Reply-To:", letter->reply_to.list,
                                letter->reply_to.count);
        break;
    case STINT_MESSAGE_TO: put_to(composer, letter); break;
    case STINT_MESSAGE_CC:
        stint_put_mailbox_field(composer, "Cc:", letter->cc.list, letter->cc.count);
        break;
    case STINT_MESSAGE_IN_REPLY_TO:
        stint_put_bracket_field(composer, "In-Reply-To:", letter->in_reply_to);
        break;
    case STINT_MESSAGE_REFERENCES:
        stint_put_bracket_field(composer, "References:", letter->references);
        break;
    case STINT_MESSAGE_AUTHOR: put_author(composer, letter->author); break;
    case STINT_MESSAGE_PRIORITY: put_priority(composer, letter->priority); break;
    case STINT_MESSAGE_LIST_UNSUBSCRIBE:
        stint_put_bracket_field(composer, "List-Unsubscribe:", letter->list_unsubscribe);
        break;
    case STINT_MESSAGE_EXTRA: put_extra(composer, letter); break;
    default: stint_header_put_value(composer, field); break;
    }
}

static void put_unit(struct stint_composer *composer)
{
    int zone = stint_letter_composer(composer)->letter->zone;

    if (composer->next.text == NULL) {
        stint_header_put(composer, header, put_value, 60U * (uint32_t)zone_offset(zone));
        composer->next.text = stint_parts_begin;
    } else {
        stint_bodies_put_unit(composer);
    }
}

static enum stint_message_fault look_at(struct stint_letter_composer *composer)
{
    int offset = zone_offset(composer->letter->zone);

    composer->composer.field = STINT_MESSAGE_ZONE;
    if (offset <= -ZONE_LIMIT || offset >= ZONE_LIMIT) {
        return STINT_MESSAGE_RANGE;
    }
    return stint_bodies_look(composer);
}

enum stint_message_fault stint_compose_letter(struct stint_letter_composer *composer,
                                              const struct stint_letter *letter)
{
    enum stint_message_fault fault;

    memset(composer, 0, sizeof *composer);
    composer->letter = letter;
    fault = look_at(composer);
    if (fault == STINT_MESSAGE_GOOD) {
        return stint_parts_compose(composer, &letter->message, put_unit);
    }
    composer->composer.fault = (uint8_t)fault;
    return fault;
}
