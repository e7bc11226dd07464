/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_RULE_H
#define STINT_PERMUTE_RULE_H

#include "transcript.h"

/*
 * What must become of a session, by what has passed on the wire.
 *
 * The rule is told, octet by octet, what the transport has taken from the client and what it has
 * handed to it, and of the one fault that happened. From that, from what the client was given, and
 * from RFC 5321, 3207 and 4954 it says which command must come next, and which error, stage and
 * fate must come out. It knows nothing of the client's code. It also plays every transcript
 * without a fault, and must come to the result that is written there by hand.
 *
 * Where more than one outcome is right:
 *
 *  - A fault of the port and a fault of the message (an octet that cannot be sent, a source that
 *    fails) may meet in one step of the client. Either may be the first that it sees: `also`.
 *    So may a call that fails, and the end of the stream where the transcript has one.
 *  - What has been decided is not undone: a fault behind the decision - while QUIT is on its way -
 *    is no fault. So it does not matter whether the client has seen it.
 *
 * Everything else is determined, because the position is a fact of the transport's and no guess:
 * a record that has not left as a whole has not been heard by anybody, and one that has been
 * handed out as a whole has been heard by the client.
 */

#define RULE_TEXT_MAX 1024

struct rule_verdict {
    enum stint_error error;
    enum stint_error also; /* is as good an error; STINT_ERROR_NONE: there is none */
    enum stint_stage stage;
    enum stint_fate fate;
    unsigned code;            /* of the reply that the error is about */
    char text[RULE_TEXT_MAX]; /* of that reply */
    struct stint_recipient recipients[TRANSCRIPT_RECIPIENTS_MAX];
};

struct rule {
    const struct transcript *given;
    enum stint_security security;

    /* where the session stands */
    enum stint_stage next;       /* of the command to be said next */
    enum stint_stage waiting[2]; /* of the commands that were said, and not answered yet */
    size_t waiting_count;
    bool secure;
    bool at_seam; /* 220 to STARTTLS is in, and TLS not begun */
    bool authenticated;
    unsigned responses_left; /* that the mechanism has to say */
    bool cancels;            /* AUTH, by "*" */
    size_t recipient;        /* the next one to RCPT */
    bool message_said;       /* with its final dot */
    bool has_quit;
    bool all_heard; /* nothing may be said any more */

    /* the server's offer */
    bool starttls, pipelining, eight_bit, plain, login;
    unsigned long size;

    /* what is being said */
    char command[1200];
    size_t command_length;
    char line[1200]; /* of the reply; text beyond is not kept */
    size_t line_length;
    char first_code[3];
    bool is_first_line, is_base64, heard_cr;
    char text[RULE_TEXT_MAX];
    size_t text_length;

    enum stint_error fault;  /* what happened first from outside */
    enum stint_error second; /* and then */
    bool is_decided;         /* the verdict is final */
    struct rule_verdict verdict;
    char wrong[200]; /* the first thing that the client did wrong */
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

/* From outside the conversation: the transport, the source, the clock, the caller. */
void rule_fault(struct rule *rule, enum stint_error error);

/* The session has ended. */
const struct rule_verdict *rule_judge(struct rule *rule);

/* The message as it must appear on the wire (RFC 5321 4.5.2 and 2.3.8): how long it is, or 0 if it
 * may not be sent. */
size_t rule_message(const struct fake_source *message, bool eight_bit, char *octets, size_t room);

#endif
