/* SPDX-License-Identifier: MIT */
#include "stint/message.h"

static const char *name(const char *const names[], size_t count, unsigned value)
{
    return value < count ? names[value] : "?";
}

#define NAME(names, value) name(names, sizeof(names) / sizeof((names)[0]), value)

const char *stint_message_field_name(unsigned field)
{
    static const char *const names[] = {
        [STINT_MESSAGE_FROM - STINT_MESSAGE_FROM] = "From",
        [STINT_MESSAGE_TO - STINT_MESSAGE_FROM] = "To",
        [STINT_MESSAGE_ID - STINT_MESSAGE_FROM] = "Message-ID",
        [STINT_MESSAGE_SUBJECT - STINT_MESSAGE_FROM] = "Subject",
        [STINT_MESSAGE_TEXT - STINT_MESSAGE_FROM] = "text",
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
    };

    return NAME(names, fault);
}
