/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_COMMAND_H
#define STINT_SRC_COMMAND_H

#include "stint/private.h"

/*
 * The command writer. A command is a template: its literal octets, and fields - octets over 127 -
 * that stand for what the account, the mail or the server's offer put there. It is written straight
 * into the record and can stop and go on at any octet, so there is no command buffer.
 */

/* What the fields stand for; the same in a template. */
enum stint_slot {
    STINT_SLOT_EHLO_NAME = 0x80,
    STINT_SLOT_REVERSE_PATH,
    STINT_SLOT_FORWARD_PATH,
    STINT_SLOT_SIZE_PARAMETER, /* " SIZE=..." if known and offered (RFC 1870) */
    STINT_SLOT_BODY_PARAMETER, /* " BODY=..." and " SMTPUTF8" if wanted (RFC 6152, 3030, 6531) */
    STINT_SLOT_SIZE,           /* of the message */
    STINT_SLOT_MESSAGE,        /* with its last line ended */
    STINT_SLOT_CHUNK,          /* BDAT with as much of the message as fits (RFC 3030) */
    STINT_SLOT_MECHANISM,      /* the name of the one that was chosen (RFC 4954) */
    STINT_SLOT_RESPONSE,       /* what it says now, in base64: into verified TLS or not at all */

    /* Beside these: what parameters.h writes. */
    STINT_SLOT_MAIL_PARAMETERS = 0xC0,
    STINT_SLOT_RCPT_PARAMETERS
};
#define STINT_EHLO_NAME      "\200"
#define STINT_REVERSE_PATH   "\201"
#define STINT_FORWARD_PATH   "\202"
#define STINT_SIZE_PARAMETER "\203"
#define STINT_BODY_PARAMETER "\204"
#define STINT_SIZE           "\205"
#define STINT_MESSAGE        "\206"
#define STINT_CHUNK          "\207"
#define STINT_MECHANISM      "\210"
#define STINT_RESPONSE       "\211"

/* Begin a command. */
void stint_command_start(struct stint_session *session, const char *command);

/*
 * Write the command begun, at most `room` octets. Returns how many. It is complete when
 * session->command has become NULL; if not, there is no room, or the message's source waits, or
 * the session has broken off.
 */
size_t stint_command_write(struct stint_session *session, uint8_t *octets, size_t room);

/* How many octets `command` was, or will be, written at the cursor. Not for one with a message or a
 * secret in it. */
uint32_t stint_command_length(const struct stint_session *session, const char *command,
                              const struct stint_cursor *cursor);

#endif
