/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_VERDICT_H
#define STINT_PERMUTE_VERDICT_H

#include "heard.h"
#include "transcript.h"

/* What must come of one mail, as far as that is known. */

/* Where a recipient stands. */
enum asked {
    ASKED_NOT, /* or not yet, or once more */
    ASKED_OPEN,
    ASKED_TAKEN,
    ASKED_REFUSED,
    ASKED_DONE, /* in an earlier transaction */
    ASKED_NEVER
};

struct verdict {
    const struct stint_mail *mail; /* NULL: there is none */
    enum stint_error error;
    enum stint_error also; /* is as good an error; STINT_ERROR_NONE: there is none */
    enum stint_stage stage;
    bool may_be_reset; /* and RSET is as good a stage */
    enum stint_fate fate;
    enum stint_field field;
    enum stint_stage refused_at; /* who was refused first, or worse: see tell_refusal() */
    unsigned code;               /* of the reply that the error is about */
    struct stint_enhanced enhanced;
    char text[HEARD_TEXT_MAX]; /* of that reply */
    struct stint_recipient recipients[TRANSCRIPT_RECIPIENTS_MAX];
    enum asked asked[TRANSCRIPT_RECIPIENTS_MAX];
    bool was_named[TRANSCRIPT_RECIPIENTS_MAX]; /* in a RCPT of this session */
    bool is_decided;                           /* error, stage and reply */
};

void verdict_start(struct verdict *verdict, const struct stint_mail *mail);

/* The reply that counts so far; NULL: none. */
void verdict_tell(struct verdict *verdict, const struct heard *reply);

/* Only the first time counts. */
void verdict_decide(struct verdict *verdict, enum stint_error error, enum stint_stage stage);

/* The transaction is over: those who were taken share this fate, and the code of the reply that
 * decided it (NULL: none); if it is unknown, so do those whose reply was not heard. */
void verdict_settle(struct verdict *verdict, enum stint_fate fate, const struct heard *reply);

/* One of them has a fate of his own. */
void verdict_settle_one(struct verdict *verdict, size_t recipient, enum stint_fate fate,
                        const struct heard *reply);

/* No more of them is asked. What they were told is the error, if there was none. */
void verdict_conclude(struct verdict *verdict);

/* How many stand so. */
size_t verdict_count(const struct verdict *verdict, enum asked asked);

#endif
