/* SPDX-License-Identifier: MIT */
#ifndef STINT_PRIVATE_H
#define STINT_PRIVATE_H

/*
 * What struct stint_client is made of, here only so that the caller can reserve memory for it.
 * Nothing in this file is for use outside src/.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/account.h"
#include "stint/config.h"
#include "stint/result.h"

struct stint_tls;
struct stint_sasl;
struct stint_sasl_work;

/* Are there mechanisms that compute something, and need memory for it? */
#define STINT_SASL_COMPUTES (STINT_SCRAM || STINT_CRAM_MD5)

/* src/session/reply.h */
struct stint_reply {
    uint16_t code;    /* 0 until the first line's three digits are read */
    uint16_t digits;  /* the code on the line being read */
    uint16_t octets;  /* of the whole reply so far, against an endless one */
    uint8_t position; /* what is expected next */
    bool last_line;
};

/* src/session/enhanced.h */
struct stint_enhanced_parser {
    struct stint_enhanced value;
    uint16_t number;
    uint8_t digits;
    uint8_t part;
};

/* src/session/capabilities.h */
#define STINT_KEYWORD_MAX 20
struct stint_capabilities {
    uint32_t size;       /* SIZE's limit in octets; 0: none known */
    uint32_t by_min;     /* DELIVERBY's shortest time in s; 0: none known */
    uint32_t hold_max;   /* FUTURERELEASE's longest time in s; 0: none known */
    uint16_t extensions; /* bit set of enum stint_extension */
    uint16_t mechanisms; /* bit set of enum stint_mechanism */
    uint16_t limits[3];  /* by enum stint_limit; 0: none known */

    /* the line being read */
    bool first_line;
    uint16_t line;  /* bit of its keyword, 0 while unknown */
    uint8_t word;   /* 0: the keyword, 1: its first parameter, 2: a later one */
    uint8_t length; /* of `letters`; STINT_KEYWORD_MAX + 1: too long to be known */
    char letters[STINT_KEYWORD_MAX];
};

/* src/session/body.h */
struct stint_body {
    uint16_t line_length; /* octets since the last line end, dots not doubled */
    bool after_cr;        /* the octet before was a CR: an LF now belongs to it */
    bool eight_bit;       /* octets over 127 may pass */
    bool keeps_dots;      /* a dot at a line's start is not doubled */
};

/* src/session/session.h: a place in the conversation */
struct stint_cursor {
    const struct stint_mail *mail; /* NULL: none, only a look at the server */
    uint16_t recipient;            /* at RCPT: which */
    uint8_t row;                   /* of the exchange table */
};

/* Small things first: instructions of 16 bits reach only the first octets of a struct. */
struct stint_session {
    uint8_t state;       /* enum stint_session_state */
    uint8_t epoch;       /* changes whenever a command was written or a reply was read */
    uint8_t outstanding; /* commands written whose reply was not read yet */
    uint8_t reply_limit; /* that many may be; >= 1 */
    uint8_t sasl_step;   /* the mechanism's response to write next */
    bool group_open;     /* the last command written does not end its group (RFC 2920 3.1) */
    bool secure;         /* the channel is verified TLS */
    bool authenticated;  /* AUTH succeeded */
    bool source_waits;   /* the source had nothing to give */

    /* the reply being read */
    bool began_in_time; /* the command that it would answer had left */
    bool first_line;
    bool is_base64; /* its text can be a SASL challenge */
    uint8_t keep;   /* is it what the result should tell? 0: not decided yet */
    struct stint_reply reply;

    /* the mail and its transaction (RFC 5321 3.3) */
    bool mail_done;   /* its result is complete, for the caller to take before the next mail's */
    bool transaction; /* the server has accepted MAIL, and keeps what it was told since */
    bool failed;      /* by a refusal; what was written of it already is still answered */

    /* the message of the transaction; one at a time is on its way */
    bool content_begun;    /* and the reply to it was not read */
    bool content_complete; /* the source is at its end */
    bool content_ended;    /* and all of it is written */
    bool content_counted;  /* BDAT promised how many octets there are */
    bool content_held;     /* all but the last octet, this, is written: has the source no more? */
    uint8_t content_last;
    uint8_t chunks;        /* BDAT commands that are outstanding */
    uint16_t transactions; /* in this session */
    uint16_t extensions;   /* that MAIL asks for: bits of enum stint_extension */
    uint16_t asked;        /* recipients in this transaction, */
    uint16_t unanswered;   /* those whose reply was not read, */
    uint16_t taken;        /* those that the server accepted, */
    uint16_t domains;      /* and how many domains were named in this session */

    /* the two cursors: whose reply is read next, and what is written next */
    struct stint_cursor reader;
    struct stint_cursor writer;

    /* the command being written, resumable at any octet */
    const char *command; /* what is left of its template; NULL: none */
    uint32_t field_offset;

    /* octets ever written, and how many of them the transport has taken */
    uint32_t written;
    uint32_t sent;
    uint32_t command_end;  /* `written` after the command whose reply is read next */
    uint32_t content_end;  /* `written` after the final dot, or BDAT's octets */
    uint32_t content_left; /* octets that BDAT promised and that are not written */

    /* set by the client */
    struct stint_result *result;
    const struct stint_account *account;
    char *text; /* the caller's, for the text of the reply that counts */
    size_t text_size;
    size_t text_length;
    const char *local_address; /* for EHLO, where the account has no name; may be NULL */
    void (*trace)(void *context, unsigned kind, const uint8_t *octets, size_t length);
    void *trace_context;

    const struct stint_mail *first_mail;
    const struct stint_sasl *sasl;
    struct stint_sasl_work *work; /* the mechanism's, in verified TLS; NULL: none */
    struct stint_body body;
    struct stint_enhanced_parser enhanced;
    struct stint_capabilities capabilities;
};

/* src/channel.h: octets in clear, then in TLS */
struct stint_channel {
    struct stint_tls *tls; /* NULL: in clear */
    uint8_t *in;
    uint8_t *out;
    size_t in_size;
    size_t out_size;
    size_t in_start; /* unread octets are in[in_start..in_end) */
    size_t in_end;
    size_t out_start; /* unsent octets are out[out_start..out_end) */
    size_t out_end;
    uint32_t accepted; /* octets that the session put in */
    uint32_t sent;     /* of them, what the transport has taken, in whole records */
};

#endif
