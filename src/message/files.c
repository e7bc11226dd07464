/* SPDX-License-Identifier: MIT */
#include "message/compose.h"
#include "message/header.h"
#include "message/parts.h"
#include "message/quoted.h"

#include <string.h>

/* A message of text and files: an alert's, and in its only multipart the parts. */

#define MIXED      1
#define MIXED_TEXT "1"

static const char header[] =
    STINT_HEADER_DATE "-0000\n"
                      "From:" STINT_VALUE_FROM "\n"
                      "To:" STINT_VALUE_TO "\n"
                      "Message-ID: <" STINT_VALUE_ID ">\n"
                      "Subject:" STINT_VALUE_SUBJECT "\n"
                      "Auto-Submitted: auto-generated\n"
                      "MIME-Version: 1.0\n"
                      "Content-Type: multipart/mixed; boundary=\"=_" MIXED_TEXT "\"\n"
                      "\n"
                      "--=_" MIXED_TEXT "\n"
                      "Content-Type: text/plain; charset=utf-8\n"
                      "Content-Transfer-Encoding: quoted-printable\n"
                      "\n" STINT_VALUE_TEXT;

enum { ROW_TEXT, ROW_PARTS };

static void put_unit(struct stint_composer *composer)
{
    if (composer->next.text == NULL) {
        stint_header_put(composer, header, stint_header_put_value, 0);
        composer->next.text = composer->message->text;
    } else if (composer->next.row == ROW_TEXT) {
        stint_put_quoted_line(composer);
    } else if (composer->next.item < stint_letter_composer(composer)->part_count) {
        stint_parts_put_unit(composer, MIXED);
        return;
    } else {
        stint_parts_put_boundary(composer, MIXED, "--");
        composer->next.text = "";
        return;
    }
    if (composer->fault == STINT_MESSAGE_GOOD && *composer->next.text == '\0') {
        composer->next.row = ROW_PARTS;
        composer->next.text = stint_parts_begin;
    }
}

enum stint_message_fault stint_compose_files(struct stint_letter_composer *composer,
                                             const struct stint_message *message,
                                             const struct stint_part *parts, uint16_t part_count)
{
    enum stint_message_fault fault;

    memset(composer, 0, sizeof *composer);
    fault = stint_parts_set(composer, parts, part_count);
    if (fault == STINT_MESSAGE_GOOD) {
        return stint_parts_compose(composer, message, put_unit);
    }
    composer->composer.fault = (uint8_t)fault;
    return fault;
}
