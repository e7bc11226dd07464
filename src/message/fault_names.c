/* SPDX-License-Identifier: MIT */
#include "stint/message.h"

static const char *name(const char *const names[], size_t count, unsigned value)
{
    return value < count ? names[value] : "?";
}

#define FIELD(field)       (STINT_MESSAGE_##field - STINT_MESSAGE_FROM)
#define NAME(names, value) name(names, sizeof(names) / sizeof((names)[0]), value)

const char *stint_message_field_name(unsigned field)
{
    static const char *const names[] = {
        [FIELD(FROM)] = "From",
        [FIELD(TO)] = "To",
        [FIELD(ID)] = "Message-ID",
        [FIELD(SUBJECT)] = "Subject",
        [FIELD(TEXT)] = "text",
        [FIELD(ZONE)] = "zone",
        [FIELD(SENDER)] = "Sender",
        [FIELD(REPLY_TO)] = "Reply-To",
        [FIELD(CC)] = "Cc",
        [FIELD(IN_REPLY_TO)] = "In-Reply-To",
        [FIELD(REFERENCES)] = "References",
        [FIELD(AUTHOR)] = "author",
        [FIELD(PRIORITY)] = "priority",
        [FIELD(LIST_UNSUBSCRIBE)] = "List-Unsubscribe",
        [FIELD(EXTRA)] = "extra field",
        [FIELD(HTML)] = "HTML",
        [FIELD(PART)] = "part",
    };

    return NAME(names, field - STINT_MESSAGE_FROM);
}

const char *stint_message_fault_name(unsigned fault)
{
    static const char *const names[] = {
        [STINT_MESSAGE_GOOD] = "good",
        [STINT_MESSAGE_MISSING] = "is missing",
        [STINT_MESSAGE_CONTROL] = "holds a control character",
        [STINT_MESSAGE_NOT_UTF8] = "is not UTF-8",
        [STINT_MESSAGE_TOO_LONG] = "is too long",
        [STINT_MESSAGE_SYNTAX] = "is malformed, or not ASCII where it must be",
        [STINT_MESSAGE_ENTROPY] = "cannot be made without randomness",
        [STINT_MESSAGE_RANGE] = "has no such value",
        [STINT_MESSAGE_TWICE] = "is not for an extra field",
        [STINT_MESSAGE_SOURCE] = "cannot be read, or is shorter than was said",
    };

    return NAME(names, fault);
}
