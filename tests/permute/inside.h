/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_INSIDE_H
#define STINT_PERMUTE_INSIDE_H

#include "rule.h"

/* What the parts of the rule share: saying.c, what the client says; hearing.c, what the server
 * says; mails.c; and rule.c. */

/* The client did something that it must not do. */
void rule_wrong(struct rule *rule, const char *what, const char *about, size_t length);

/* The exchange under way: that of the oldest command without a reply, else the next one. The mail
 * that it is about, and what is known of it. */
enum stint_stage rule_position(const struct rule *rule);
size_t rule_mail(const struct rule *rule);
struct verdict *rule_verdict(struct rule *rule);
struct transaction *rule_transaction(struct rule *rule);

/* A command has left. Is the last one of this kind? */
void rule_waits(struct rule *rule, enum stint_stage stage, bool ends_message);
bool rule_said_last(const struct rule *rule, enum stint_stage stage);

/* Is LMTP spoken (RFC 2033)? */
bool rule_is_lmtp(const struct rule *rule);

/* Is there TLS to come yet? */
bool rule_wants_tls(const struct rule *rule);

/* Can a message have arrived without its being known? */
bool rule_in_doubt(const struct rule *rule, size_t mail);

/* Nothing more may be said. / And that is for `error`, which decides. */
void rule_end(struct rule *rule);
void rule_break_off(struct rule *rule, enum stint_error error);

/* Is there a result that the client gives before it goes on? */
bool rule_has_result(const struct rule *rule);

/* May the message go before the recipients are accepted (stint/account.h)? */
bool rule_may_be_eager(const struct rule *rule);

/* Why a message cannot be said to its end, if it cannot. */
enum stint_error rule_error_of_message(const struct rule *rule, size_t mail);

/* Adds to the text in `line`, as far as there is room. */
void rule_append(char *line, size_t room, const char *format, ...);

#endif
