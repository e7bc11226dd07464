/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_MAILS_H
#define STINT_PERMUTE_MAILS_H

#include "rule.h"

/* The rule's part about the mails of a session, and the recipients of a transaction. */

/* Mail number `mail`, counted from 0; NULL: there is none. */
const struct stint_mail *mails_get(const struct rule *rule, size_t mail);

/* Does its message go by BDAT as a whole, or in chunks (RFC 3030)? Else it goes by DATA. */
bool mails_by_bdat(const struct rule *rule, size_t mail);
bool mails_in_chunks(const struct rule *rule, size_t mail);

/* Nothing waits for a reply: the first mail, or what comes if it cannot be sent. */
void mails_begin(struct rule *rule);

/* Likewise, and the transaction is over: another one, the next mail, an idle time, or QUIT. */
void mails_go_on(struct rule *rule);

/* The mail that was to begin cannot be read from its start: it is left out. */
void mails_decline(struct rule *rule);

/* May the next mail follow the message at once? / Nobody waits for another transaction, and there
 * is neither another mail nor an idle time. */
bool mails_may_follow(const struct rule *rule);
bool mails_are_over(const struct rule *rule);

/* The next mail, behind a message that is not answered. */
void mails_follow(struct rule *rule);

/* Who is said next to RCPT, from `from` on? SIZE_MAX: nobody. */
size_t mails_next_recipient(struct rule *rule, size_t from);

/* Do those whom a transaction had no room for get another one? */
bool mails_split(const struct rule *rule, size_t mail);

/* May they (RFC 9422 4.1, stint/account.h)? */
bool mails_may_split(const struct rule *rule, size_t mail);

/* RFC 6531 3.1: does it go with SMTPUTF8 only? */
bool mails_need_utf8(const struct stint_mail *mail);

#endif
