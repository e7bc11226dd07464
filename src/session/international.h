/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_INTERNATIONAL_H
#define STINT_SRC_INTERNATIONAL_H

#include "stint/account.h"
#include "stint/config.h"

/*
 * Internationalised mail (SMTPUTF8, RFC 6531), for those mails that need it. May be left out
 * (STINT_SMTPUTF8): then addresses are ASCII, and a mail that says that its header is not is
 * refused as one that the server does not take.
 */

/* Can it be part of a character outside ASCII in an address? */
static inline bool stint_international_octet(char octet)
{
    return STINT_SMTPUTF8 && ((uint8_t)octet & 0x80) != 0;
}

#if STINT_SMTPUTF8

/* Are all octets over 127 well-formed UTF-8, and none of it a control character? */
bool stint_international_is_sound(const char *text);

/* Does `mail` go with SMTPUTF8 only, for an address or its header? */
bool stint_international_is_needed(const struct stint_mail *mail);

#else

static inline bool stint_international_is_sound(const char *text)
{
    (void)text;
    return true;
}

static inline bool stint_international_is_needed(const struct stint_mail *mail)
{
    return mail->source->utf8_header;
}

#endif

#endif
