/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PARAMETERS_H
#define STINT_SRC_PARAMETERS_H

#include "session/command.h"
#include "stint/config.h"
#include "stint/private.h"

/*
 * What a mail asks for beside delivery (stint/parameters.h), behind MAIL and RCPT. May be left out
 * (STINT_PARAMETERS): then a mail that asks for anything is refused.
 */

/* May a recipient's be so (RFC 3461 4.1)? */
static inline bool stint_parameters_notify_is_sound(uint8_t notify)
{
    return STINT_PARAMETERS ? notify <= STINT_NOTIFY_NEVER : notify == STINT_NOTIFY_BY_SERVER;
}

#if STINT_PARAMETERS

/* In a command's template: all of them, each with a space in front. */
#define STINT_MAIL_PARAMETERS "\300"
#define STINT_RCPT_PARAMETERS "\301"

/* Is it a field of these two? */
static inline bool stint_parameters_are(uint8_t slot)
{
    return slot >= STINT_SLOT_MAIL_PARAMETERS;
}

/*
 * Write the text of field `slot` for where `cursor` stands, from `offset` on, as much as fits into
 * `room`. Returns how long it is from `offset` on, whether that fits or not.
 */
size_t stint_parameters_write(const struct stint_cursor *cursor, uint8_t slot, size_t offset,
                              uint8_t *octets, size_t room);

/* The extensions that `mail` asks for by them: bits of enum stint_extension. */
uint16_t stint_parameters_extensions(const struct stint_mail *mail);

/* Which of `parameters` is not what it may be, and if it is of a recipient, of which? */
enum stint_field stint_parameters_fault(const struct stint_mail *mail, uint16_t *recipient);

/* Which of them cannot be had from this server? */
enum stint_field stint_parameters_misfit(const struct stint_session *session,
                                         const struct stint_mail *mail);

#else

#define STINT_MAIL_PARAMETERS ""
#define STINT_RCPT_PARAMETERS ""

static inline bool stint_parameters_are(uint8_t slot)
{
    (void)slot;
    return false;
}

static inline size_t stint_parameters_write(const struct stint_cursor *cursor, uint8_t slot,
                                            size_t offset, uint8_t *octets, size_t room)
{
    (void)cursor, (void)slot, (void)offset, (void)octets, (void)room;
    return 0;
}

static inline uint16_t stint_parameters_extensions(const struct stint_mail *mail)
{
    (void)mail;
    return 0;
}

static inline enum stint_field stint_parameters_fault(const struct stint_mail *mail,
                                                      uint16_t *recipient)
{
    (void)recipient;
    return mail->parameters != NULL ? STINT_FIELD_PARAMETERS : STINT_FIELD_NONE;
}

static inline enum stint_field stint_parameters_misfit(const struct stint_session *session,
                                                       const struct stint_mail *mail)
{
    (void)session, (void)mail;
    return STINT_FIELD_NONE;
}

#endif

#endif
