/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SESSION_H
#define STINT_SRC_SESSION_H

#include "stint/private.h"

/*
 * The conversation (RFC 5321 4.3.2): octets in, octets out. It knows no transport, no TLS and no
 * clock; what it wants from the world it leaves in `state`.
 */

enum stint_session_state {
    STINT_SESSION_TALKS,     /* writing commands, reading replies */
    STINT_SESSION_WANTS_TLS, /* the server said 220 to STARTTLS: shake hands, then _secured */
    STINT_SESSION_ENDED,     /* in order: close the connection */
    STINT_SESSION_BROKEN     /* something is wrong: close the connection without another octet */
};

/*
 * Check every string of `account` and `mail` (NULL: none). Returns true, or false with the reason
 * in `result`.
 */
bool stint_session_check(const struct stint_account *account, const struct stint_mail *mail,
                         struct stint_result *result);

/* The field of `mail` that is not right, and if it is a recipient, which. */
enum stint_field stint_session_check_mail(const struct stint_mail *mail, uint16_t *recipient);

/* Before the session begins: the first mail; NULL: none, only a look at the server. */
void stint_session_set_mail(struct stint_session *session, const struct stint_mail *mail);

/* Begin, connected but before the greeting. The session's account, result, text and trace were set,
 * and the first mail with stint_session_set_mail; the rest is zero. `secure` says if the connection
 * is in verified TLS already. */
void stint_session_start(struct stint_session *session, bool secure);

/* The TLS handshake that STARTTLS asked for is done, and the server's identity verified. */
void stint_session_secured(struct stint_session *session);

/* Does it want to write now? */
bool stint_session_may_write(const struct stint_session *session);

/* Write what can be written: at most `room` octets, of which at least two are needed to be sure of
 * progress. Returns how many; all of them belong together and should be sent now. */
size_t stint_session_write(struct stint_session *session, uint8_t *octets, size_t room);

/* Of all that was ever written the first `sent` octets have left, as far as the transport tells. */
void stint_session_sent(struct stint_session *session, uint32_t sent);

/* Read what the server said. Returns how many octets were used: fewer than `length` when a reply
 * among them changed `state`, or completed the result of a mail behind which another follows. */
size_t stint_session_read(struct stint_session *session, const uint8_t *octets, size_t length);

/* How long what is waited for may take, in seconds (RFC 5321 4.5.3.2). */
uint16_t stint_session_timeout(const struct stint_session *session);

/* The exchange under way. */
enum stint_stage stint_session_stage(const struct stint_session *session);

/* By the reply that is being read, does the session go on? Its code is known. */
bool stint_session_goes_on(const struct stint_session *session);

/* The connection is lost, or of no more use: break off with `error`. If all that is missing is the
 * reply to QUIT, it ends in order instead. */
void stint_session_lost(struct stint_session *session, enum stint_error error);

/* Break off at once; `error` is the result unless there was one before. Settles the fates. */
void stint_session_break(struct stint_session *session, enum stint_error error);

#endif
