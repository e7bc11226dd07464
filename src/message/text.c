/* SPDX-License-Identifier: MIT */
#include "message/compose.h"
#include "message/header.h"
#include "message/quoted.h"

/* A message of text alone. One in which nothing must be quoted is the same quoted as it is. */

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

static void put_unit(struct stint_composer *composer)
{
    if (composer->next.text == NULL) {
        stint_header_put(composer, header, stint_header_put_value, 0);
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
