/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_RULE_H
#define STINT_PERMUTE_RULE_H

#include "ear.h"
#include "heard.h"
#include "transcript.h"
#include "verdict.h"

/*
 * What must become of a session, by what has passed on the wire.
 *
 * The rule is told, octet by octet, what the transport has taken from the client and what it has
 * handed to it, and of the one fault that happened. From that, from what the client was given, and
 * from RFC 5321, 2920, 3030, 3207, 4954 and 9422 it says which commands may come next, and for each
 * mail which error, stage and fate must come out. It knows nothing of the client's code. It also
 * plays every transcript without a fault, and must come to the results that are written there by
 * hand.
 *
 * Of several commands that wait for replies:
 *
 *  - A reply belongs to the first of them. It counts only if that command had left entirely when
 * the reply began: in TLS with the record that its last octet is in. Any other was not asked for.
 *  - A refusal of RSET, MAIL, DATA or a chunk, or of all recipients, fails the transaction. Nothing
 *    more of it is said then; but what the client had given to the transport already (the transport
 *    knows: it was offered more than it took) is said, and all that was said is answered.
 *  - DATA that is accepted in a transaction that failed is followed by the dot alone if nobody was
 *    accepted, and by nothing at all if somebody was.
 *  - A mail's fate is unknown from the last octet of the message's end on (the final dot, or BDAT
 *    LAST's octets) until the reply to it: for whom the server has accepted, and for whom it has
 * not answered yet; but not if the transaction has failed and nobody was accepted.
 *  - Each mail's fate is its own. One that is never begun is not accepted.
 *
 * Where more than one outcome is right:
 *
 *  - A fault of the port and a fault of the message (an octet that cannot be sent, a source that
 *    fails) may meet in one step of the client. Either may be the first that it sees: `also`.
 *    So may a call that fails, and the end of the stream where the transcript has one.
 *  - What has been decided is not undone: a fault behind the decision - while QUIT is on its way -
 *    is no fault. So it does not matter whether the client has seen it.
 *  - Where a transaction fails while the message of BDAT is under way, the client may say the rest
 *    of it, or leave: it must leave if it does not have the rest ready.
 *  - Whether RSET goes before the next mail may be decided when a message has been given to the
 *    transport, or when its reply is in.
 *
 * Everything else is determined, because the position is a fact of the transport's and no guess:
 * a record that has not left as a whole has not been heard by anybody, and one that has been
 * handed out as a whole has been heard by the client - but for what is behind the end of a mail,
 * which it hears when its result was taken.
 */

/* A command that was said. */
struct said {
    enum stint_stage stage;
    size_t mail;
    size_t recipient;
    bool ends_message; /* the message is complete for the server */
};

#define SAID_MAX         32
#define RULE_UNHEARD_MAX 1024

/* What was said of a mail, and came of it: its transaction now. */
struct transaction {
    bool is_reset;       /* RSET was said before it */
    unsigned asked;      /* recipients */
    size_t content;      /* octets of the message */
    bool message_said;   /* to its end */
    bool is_bare;        /* nothing of it, but the dot */
    bool has_failed;     /* nothing more of it is said */
    bool had_more_ready; /* but what the transport was offered then */
    bool may_be_left;    /* so the client may leave instead, and hear no more: */
    struct stint_recipient told_by_then[TRANSCRIPT_RECIPIENTS_MAX];
    bool is_over; /* what became of the message is known */
};

struct rule {
    const struct transcript *given;
    enum stint_security security;

    /* where the session stands */
    enum stint_stage next;      /* of the command to be said next */
    struct said said[SAID_MAX]; /* and not answered yet */
    size_t said_count;
    bool secure;
    bool at_seam; /* 220 to STARTTLS is in, and TLS not begun */
    bool authenticated;
    unsigned responses_left; /* that the mechanism has to say */
    bool cancels;            /* AUTH, by "*" */
    bool has_quit;
    bool is_idle;      /* there is no mail, and one is waited for */
    bool idle_is_over; /* none is */
    bool all_heard;    /* nothing may be said any more */
    size_t last;       /* the mail at which that came about */
    bool may_end_quit; /* but the rest of QUIT, which the transport was offered before */
    bool is_kept;      /* the transport was offered more than it took */

    /* the mails */
    size_t available; /* how many the caller has */
    size_t mail;      /* whose commands are said now, or next */
    size_t recipient; /* to be said next to RCPT */
    size_t reported;  /* how many results the caller has taken */
    unsigned begun;   /* transactions */
    bool is_open;     /* the server may keep something of one */
    bool may_reset;   /* RSET may be said before the next mail, or not */
    struct transaction transactions[TRANSCRIPT_MAILS_MAX];
    struct verdict verdicts[TRANSCRIPT_MAILS_MAX];
    bool cannot_start[TRANSCRIPT_MAILS_MAX]; /* its source cannot be read again */

    struct offer offer;
    struct ear ear;
    struct heard heard;
    bool is_early;                  /* that reply began before there was anything to answer */
    char unheard[RULE_UNHEARD_MAX]; /* handed out, but behind a result that was not taken */
    size_t unheard_length;

    enum stint_error fault;  /* what happened first from outside */
    enum stint_error second; /* and then */
    char wrong[200];         /* the first thing that the client did wrong */
};

void rule_start(struct rule *rule, const struct transcript *given, enum stint_security security);

/* It is being connected. / The connection is there. / TLS begins: nothing lay behind the 220. / The
 * handshake is done. */
void rule_connecting(struct rule *rule);
void rule_connected(struct rule *rule);
void rule_shaking(struct rule *rule);
void rule_secured(struct rule *rule);

void rule_client_said(struct rule *rule, const char *octets, size_t length);
void rule_server_said(struct rule *rule, const char *octets, size_t length);

/* Another step begins, and if all results were taken, the client goes on with what it has. */
void rule_hears_on(struct rule *rule);

/* Was the transport offered more than it took, when it was last offered something? */
void rule_keeps(struct rule *rule, bool is_kept);

/* From outside the conversation: the transport, the source, the clock, the caller. */
void rule_fault(struct rule *rule, enum stint_error error);

/* The source of this mail cannot be read again. */
void rule_cannot_start(struct rule *rule, size_t mail);

/* The caller has another mail. / The idle time is over. */
void rule_has_mail(struct rule *rule);
void rule_idle_over(struct rule *rule);

/* The caller is given a result, and the session goes on. */
const struct verdict *rule_report(struct rule *rule);

/* The session has ended: the last result. Those behind it were never begun. */
const struct verdict *rule_judge(struct rule *rule);

#endif
