/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_MAIL_H
#define STINT_SRC_MAIL_H

#include "session/order.h"
#include "stint/private.h"

/* A mail, from the first of its transactions to its result. */

/* How its message goes. */
enum row stint_mail_content_row(const struct stint_session *session, const struct stint_mail *mail);

/* What keeps the server from taking it; STINT_ERROR_NONE: nothing. */
enum stint_error stint_mail_misfit(const struct stint_session *session,
                                   const struct stint_mail *mail);

/* The writer begins a transaction for it, with RSET (`reset`) or with MAIL. Returns
 * STINT_ERROR_SOURCE if the message cannot be had from its start. */
enum stint_error stint_mail_begin(struct stint_session *session, const struct stint_mail *mail,
                                  bool reset);

/* The writer has written the message: what comes behind it? */
void stint_mail_leave(struct stint_session *session);

/* Nothing is outstanding, and both cursors stand at `mail`: a transaction for it. */
void stint_mail_open(struct stint_session *session, const struct stint_mail *mail);

/* It will not be begun. */
void stint_mail_refuse(struct stint_session *session, enum stint_error error,
                       enum stint_stage stage);

/* The transaction is settled: what comes behind it? */
void stint_mail_finish(struct stint_session *session);

#endif
