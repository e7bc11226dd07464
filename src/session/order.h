/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_ORDER_H
#define STINT_SRC_ORDER_H

#include "stint/config.h"
#include "stint/private.h"

/*
 * SMTP's order (RFC 5321 4.3.2): a table of exchanges, and two cursors that walk it. What is here
 * concerns nothing but the files of the conversation that know what comes next.
 */

enum row {
    ROW_GREETING,
    ROW_EHLO,
    ROW_HELO,
    ROW_STARTTLS,
    ROW_AUTH,
    ROW_AUTH_RESPONSE,
    ROW_AUTH_CANCEL,
    ROW_RSET,
    ROW_MAIL,
    ROW_RCPT,
    ROW_DATA,
    ROW_CONTENT, /* of DATA */
    ROW_DOT,     /* nothing of it, for nobody is there to get it */
    ROW_BDAT,    /* all of it, of known size */
    ROW_CHUNK,   /* a part of it */
    ROW_QUIT,
    ROW_IDLE, /* no command: nothing to do, or nothing that can be decided yet */
    ROW_END,
    ROW_BY_OFFER = ROW_IDLE, /* what the server offers and the account wants decides: proceed() */
    ROW_BY_MAIL = ROW_IDLE   /* the mail and those behind it do: advance() */
};

/* Any reply will do. */
#define ANY 0

/* In an order that leaves no gaps. */
struct exchange {
    const char *command; /* template, see session/command.h; NULL: the SASL mechanism's */
    uint16_t success;    /* the reply that means yes: a code, or its first digit alone */
    uint16_t timeout;    /* for that reply, in seconds */
    uint8_t next;        /* enum row */
    bool open;           /* does not end its group of commands */
    uint8_t extension;   /* whose it is: enum stint_extension */
    uint8_t stage;       /* enum stint_stage */
    void (*after)(struct stint_session *session); /* the reply to it is complete */
};

extern const struct exchange stint_exchanges[];

/* ---- order.c: the cursors ---- */

/* Is it a message's, or a part of one? */
static inline bool stint_order_is_bdat(uint8_t row)
{
    return STINT_CHUNKING && (row == ROW_BDAT || row == ROW_CHUNK);
}
static inline bool stint_order_is_content(uint8_t row)
{
    return row == ROW_CONTENT || stint_order_is_bdat(row);
}
static inline bool stint_order_is_chunk(uint8_t row)
{
    return STINT_CHUNKING && row == ROW_CHUNK;
}

/* The writer moves on, as far as that needs no reply. */
void stint_order_advance(struct stint_session *session);

/* The reader moves on, to the next command written; if there is none, to where the writer stands.
 */
void stint_order_follow(struct stint_session *session);

/* Nothing is outstanding, and a reply has decided what comes: both move there. */
void stint_order_turn(struct stint_session *session, enum row row);

/* The reply just read: is it the yes of its row? A no that is about the mail alone (RFC 5321 4.2.1
 * and 3.8)? */
bool stint_order_is_success(const struct stint_session *session);
bool stint_order_is_refusal(const struct stint_session *session);

/* Either of them, so that the session goes on? */
bool stint_order_goes_on(const struct stint_session *session);

/* ---- session.c: breaking off ---- */

/* The server said no to all there is, or our own rules do: no more than a polite end is left. */
void stint_session_stop(struct stint_session *session, enum stint_error error);

/* The reply just read is no success: what that means goes by its first digit (RFC 5321 4.2.1). */
void stint_session_refused(struct stint_session *session);

/* ---- opening.c ---- */

/* Does the account ask for TLS that is not there yet? */
bool stint_opening_wants_starttls(const struct stint_session *session);

/* ---- What follows each reply ---- */

/* opening.c */
void stint_after_greeting(struct stint_session *session);
void stint_after_ehlo(struct stint_session *session);
void stint_after_starttls(struct stint_session *session);
void stint_after_auth(struct stint_session *session);
void stint_after_cancel(struct stint_session *session);
void stint_after_quit(struct stint_session *session);

/* transaction.c */
void stint_after_rset(struct stint_session *session);
void stint_after_mail(struct stint_session *session);
void stint_after_rcpt(struct stint_session *session);
void stint_after_data(struct stint_session *session);
void stint_after_content(struct stint_session *session);
void stint_after_chunk(struct stint_session *session);
void stint_after_dot(struct stint_session *session);

#endif
