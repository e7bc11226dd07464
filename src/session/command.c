/* SPDX-License-Identifier: MIT */
#include "session/command.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"
#include "session/chunking.h"
#include "session/content.h"
#include "session/decimal.h"
#include "session/parameters.h"
#include "session/session.h"
#include "session/tracing.h"
#include "wipe.h"

#include <string.h>

/* Long enough for " SIZE=4294967295" and for an address literal (stint_syntax_address). */
#define FIELD_TEXT_MAX 64

void stint_command_start(struct stint_session *session, const char *command)
{
    session->command = command;
    session->field_offset = 0;
}

static bool is_field(char octet)
{
    return ((uint8_t)octet & 0x80) != 0;
}

/* An account without a name says where it calls from (RFC 5321 4.1.4). */
static const char *ehlo_name(const struct stint_session *session, char *scratch)
{
    size_t length;

    if (session->account->ehlo_name != NULL) {
        return session->account->ehlo_name;
    }
    length = strlen(session->local_address);
    scratch[0] = '[';
    memcpy(scratch + 1, session->local_address, length);
    memcpy(scratch + 1 + length, "]", 2);
    return scratch;
}

static const char *size(const struct stint_mail *mail, char *scratch)
{
    char *end = scratch + FIELD_TEXT_MAX - 1;

    *end = '\0';
    return stint_decimal(end, mail->source->size);
}

static const char *size_parameter(const struct stint_session *session,
                                  const struct stint_mail *mail, char *scratch)
{
    static const char name[] = " SIZE=";
    size_t length = sizeof name - 1;
    const char *digits;

    if ((session->extensions & STINT_EXTENSION_SIZE) == 0) {
        return "";
    }
    digits = size(mail, scratch);
    return memcpy(scratch + (digits - scratch) - length, name, length);
}

/* RFC 6531 3.4: SMTPUTF8 goes beside it. */
static const char *body_parameter(const struct stint_session *session)
{
    bool utf8 = STINT_SMTPUTF8 && (session->extensions & STINT_EXTENSION_SMTPUTF8) != 0;

    if (STINT_CHUNKING && (session->extensions & STINT_EXTENSION_BINARYMIME) != 0) {
        return utf8 ? " BODY=BINARYMIME SMTPUTF8" : " BODY=BINARYMIME";
    }
    if ((session->extensions & STINT_EXTENSION_8BITMIME) != 0) {
        return utf8 ? " BODY=8BITMIME SMTPUTF8" : " BODY=8BITMIME";
    }
    return utf8 ? " SMTPUTF8" : "";
}

/* The text of a field that is not secret. It may lie in `scratch`. */
static const char *field_text(const struct stint_session *session,
                              const struct stint_cursor *cursor, uint8_t slot, char *scratch)
{
    const struct stint_mail *mail = cursor->mail;

    switch (slot) {
    case STINT_SLOT_EHLO_NAME: return ehlo_name(session, scratch);
    case STINT_SLOT_REVERSE_PATH: return mail->reverse_path;
    case STINT_SLOT_FORWARD_PATH: return mail->recipients[cursor->recipient].address;
    case STINT_SLOT_SIZE_PARAMETER: return size_parameter(session, mail, scratch);
    case STINT_SLOT_BODY_PARAMETER: return body_parameter(session);
    case STINT_SLOT_MECHANISM: return session->sasl->name;
    default: return size(mail, scratch);
    }
}

/* Copies what fits of `text` from the field's offset on. */
static size_t write_text(struct stint_session *session, const char *text, uint8_t *octets,
                         size_t room, bool *complete)
{
    size_t left = strlen(text) - session->field_offset;
    size_t n = left < room ? left : room;

    memcpy(octets, text + session->field_offset, n);
    stint_trace(session, STINT_TRACE_COMMAND, octets, n);
    session->field_offset += (uint32_t)n;
    *complete = n == left;
    return n;
}

/* The base64 of what the mechanism says now; any character of it can be made from three octets. */
static size_t write_base64(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete)
{
    stint_sasl_message message = session->sasl->messages[session->sasl_step - 1];
    uint8_t group[3] = {0, 0, 0};
    char characters[4];
    size_t n = 0;
    size_t got;

    if (session->field_offset == 0 && room > 0) {
        stint_trace(session, STINT_TRACE_SECRET, NULL, 0);
    }
    while (n < room && !*complete) {
        got = stint_sasl_read(message, session->account, session->work,
                              session->field_offset / 4 * 3, group, 3);
        stint_base64_quantum(characters, group, got);
        *complete = got == 0;
        while (n < room && got > 0) {
            octets[n++] = (uint8_t)characters[session->field_offset++ % 4];
            got = session->field_offset % 4;
        }
    }
    stint_wipe(group, sizeof group);
    stint_wipe(characters, sizeof characters);
    return n;
}

static size_t write_secret(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete)
{
    /* The last lock: whatever went wrong before, no credential leaves in clear. */
    if (!session->secure) {
        stint_session_break(session, STINT_ERROR_NO_AUTH);
        return 0;
    }
    return write_base64(session, octets, room, complete);
}

/* They are made anew from their start each time, as they can be counted then, too. */
static size_t write_parameters(struct stint_session *session, uint8_t slot, uint8_t *octets,
                               size_t room, bool *complete)
{
    size_t left =
        stint_parameters_write(&session->writer, slot, session->field_offset, octets, room);
    size_t n = left < room ? left : room;

    stint_trace(session, STINT_TRACE_COMMAND, octets, n);
    session->field_offset += (uint32_t)n;
    *complete = n == left;
    return n;
}

static size_t write_field(struct stint_session *session, uint8_t slot, uint8_t *octets, size_t room,
                          bool *complete)
{
    char scratch[FIELD_TEXT_MAX];
    size_t n;

    if (slot == STINT_SLOT_MESSAGE) {
        n = stint_content_write(session, octets, room, complete);
        stint_trace(session, STINT_TRACE_CONTENT, NULL, n);
        return n;
    }
    if (slot == STINT_SLOT_CHUNK) {
        n = stint_chunking_write(session, octets, room);
        *complete = n > 0;
        return n;
    }
    if (stint_parameters_are(slot)) {
        return write_parameters(session, slot, octets, room, complete);
    }
    if (slot == STINT_SLOT_RESPONSE) {
        return write_secret(session, octets, room, complete);
    }
    return write_text(session, field_text(session, &session->writer, slot, scratch), octets, room,
                      complete);
}

static size_t write_literal(struct stint_session *session, uint8_t *octets, size_t room)
{
    const char *command = session->command;
    size_t n = 0;

    while (n < room && command[n] != '\0' && !is_field(command[n])) {
        octets[n] = (uint8_t)command[n];
        n++;
    }
    stint_trace(session, STINT_TRACE_COMMAND, octets, n);
    session->command += n;
    return n;
}

size_t stint_command_write(struct stint_session *session, uint8_t *octets, size_t room)
{
    size_t n = 0;
    bool complete = true;

    while (complete && *session->command != '\0') {
        if (is_field(*session->command)) {
            complete = false;
            n += write_field(session, (uint8_t)*session->command, octets + n, room - n, &complete);
            if (complete) {
                session->command++;
                session->field_offset = 0;
            }
        } else {
            complete = n < room;
            n += write_literal(session, octets + n, room - n);
        }
    }
    if (*session->command == '\0') {
        session->command = NULL;
    }
    return n;
}

static size_t field_length(const struct stint_session *session, const struct stint_cursor *cursor,
                           uint8_t slot)
{
    char scratch[FIELD_TEXT_MAX];

    return stint_parameters_are(slot) ? stint_parameters_write(cursor, slot, 0, NULL, 0)
                                      : strlen(field_text(session, cursor, slot, scratch));
}

uint32_t stint_command_length(const struct stint_session *session, const char *command,
                              const struct stint_cursor *cursor)
{
    size_t length = 0;

    for (; *command != '\0'; command++) {
        length += is_field(*command) ? field_length(session, cursor, (uint8_t)*command) : 1;
    }
    return (uint32_t)length;
}
