/* SPDX-License-Identifier: MIT */
#ifndef STINT_RESULT_H
#define STINT_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include "stint/account.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong first, and so whose fault it is. Nothing that follows changes it. */
enum stint_error {
    STINT_ERROR_NONE = 0,

    /* the caller's */
    STINT_ERROR_CONFIG,  /* a value is missing or malformed (`field` says which). At START: no
                            connection was made. At CONNECT: the connection's own address, which
                            was to be the EHLO name, is no address */
    STINT_ERROR_CONTENT, /* the message holds a NUL, a line over 998 octets, or 8-bit octets that
                            were not declared or that the server does not take */
    STINT_ERROR_SOURCE,  /* the source failed */
    STINT_ERROR_ABORTED, /* stint_abort was called */

    /* the device's and the network's */
    STINT_ERROR_ENTROPY,   /* the entropy callback failed; nothing was sent */
    STINT_ERROR_IO,        /* the transport failed: no route, refused, reset */
    STINT_ERROR_CLOSED,    /* the server ended the connection */
    STINT_ERROR_TRUNCATED, /* the connection ended inside TLS without close_notify (RFC 5246 7.2.1)
                            */
    STINT_ERROR_TIMEOUT,   /* the deadline of this stage, or of the whole session, passed */

    /* TLS; `tls_error` has BearSSL's code */
    STINT_ERROR_TLS,         /* the handshake or a record was wrong */
    STINT_ERROR_RECORD_SIZE, /* the server sent a record that `in` of struct stint_client has no
                                room for: use a larger size of stint/config.h */
    STINT_ERROR_CERTIFICATE, /* no trusted chain, or not for this host, or not now */

    /* refused by our own rules; the server did nothing wrong */
    STINT_ERROR_NO_STARTTLS,   /* STARTTLS is not offered (RFC 3207) */
    STINT_ERROR_NO_AUTH,       /* no mechanism that these credentials allow is offered (RFC 4954) */
    STINT_ERROR_NO_8BITMIME,   /* the message is 8-bit, the server takes 7-bit only (RFC 6152) */
    STINT_ERROR_NO_BINARYMIME, /* the message is binary, and the server takes text (RFC 3030) */
    STINT_ERROR_NO_SMTPUTF8,   /* an address or the header holds UTF-8, and the server takes ASCII
                                  (RFC 6531) */
    STINT_ERROR_NO_EXTENSION,  /* what the mail asks for (`field` says what) the server does not
                                  offer, or not so far; see stint/parameters.h */
    STINT_ERROR_TOO_LARGE,     /* the message is larger than the server's SIZE (RFC 1870) */

    /* the server's answer */
    STINT_ERROR_TEMPORARY, /* 4yz: try again later */
    STINT_ERROR_PERMANENT, /* 5yz: do not try the same again */
    STINT_ERROR_PARTIAL,   /* some recipients were refused, the others were served */

    /* the server's fault */
    STINT_ERROR_PROTOCOL,   /* a reply that is malformed, or out of place */
    STINT_ERROR_INJECTION,  /* octets behind the 220 to STARTTLS: somebody tampers (CVE-2021-22947)
                             */
    STINT_ERROR_SERVER_AUTH /* at AUTH the server broke the mechanism's rules, wants fewer or more
                               iterations of SCRAM than are done, or could not prove that it knows
                               the password */
};

/* Where: the exchange that was under way, in the order of a session. */
enum stint_stage {
    STINT_STAGE_START = 0, /* checks before connecting */
    STINT_STAGE_CONNECT,   /* resolving and connecting */
    STINT_STAGE_TLS,       /* the handshake */
    STINT_STAGE_GREETING,
    STINT_STAGE_EHLO,
    STINT_STAGE_HELO,
    STINT_STAGE_STARTTLS,
    STINT_STAGE_AUTH,
    STINT_STAGE_RSET, /* between two transactions, where the first one did not come to its end */
    STINT_STAGE_MAIL,
    STINT_STAGE_RCPT,
    STINT_STAGE_DATA,
    STINT_STAGE_CONTENT, /* the message, its end, and the reply to it; with BDAT, too */
    STINT_STAGE_QUIT
};

/* The value that STINT_ERROR_CONFIG or STINT_ERROR_NO_EXTENSION is about. */
enum stint_field {
    STINT_FIELD_NONE = 0,
    STINT_FIELD_HOST,
    STINT_FIELD_SECURITY, /* unknown value, or TLS wanted and struct stint_tls missing */
    STINT_FIELD_EHLO_NAME,
    STINT_FIELD_USER,      /* malformed, or given where the connection is in clear */
    STINT_FIELD_PASSWORD,  /* or token: malformed, or missing, or without user; or `credential` */
    STINT_FIELD_MECHANISM, /* unknown, or left out, or without user; or not for such a credential:
                            * for SCRAM both must be printable ASCII */
    STINT_FIELD_TIMEOUT,   /* timeout_ms or deadline_ms over 2^31 - 1, idle_ms over 300,000 */
    STINT_FIELD_REVERSE_PATH,
    STINT_FIELD_RECIPIENT, /* none, or address or `notify` of `recipient` is malformed */
    STINT_FIELD_POLICY,
    STINT_FIELD_SOURCE,
    STINT_FIELD_IO,
    STINT_FIELD_BUFFER,  /* in or out too small */
    STINT_FIELD_ANCHORS, /* neither a trust anchor nor a pin */
    STINT_FIELD_PROFILE,
    STINT_FIELD_ENTROPY,
    STINT_FIELD_CLOCK,  /* no time to check certificates against */
    STINT_FIELD_NEXT,   /* another mail, where STINT_MAILS was left out (stint/config.h) */
    STINT_FIELD_RESUME, /* `by` or `ticket` of struct stint_resume is missing */
    STINT_FIELD_LMTP,   /* its port is 0 or 25, or STINT_LMTP was left out */

    /* stint/parameters.h */
    STINT_FIELD_PARAMETERS, /* any, where STINT_PARAMETERS was left out (stint/config.h) */
    STINT_FIELD_DSN,        /* `envelope_id`, `returns`, `originals`; not offered: `notify`, too */
    STINT_FIELD_SUBMITTER,
    STINT_FIELD_REQUIRE_TLS,
    STINT_FIELD_PRIORITY,
    STINT_FIELD_DELIVER_BY,
    STINT_FIELD_HOLD
};

/* Extensions that EHLO can offer (RFC 5321 4.1.1.1). Bits. */
enum stint_extension {
    STINT_EXTENSION_STARTTLS = 1 << 0,            /* RFC 3207 */
    STINT_EXTENSION_AUTH = 1 << 1,                /* RFC 4954 */
    STINT_EXTENSION_SIZE = 1 << 2,                /* RFC 1870 */
    STINT_EXTENSION_8BITMIME = 1 << 3,            /* RFC 6152 */
    STINT_EXTENSION_PIPELINING = 1 << 4,          /* RFC 2920 */
    STINT_EXTENSION_ENHANCEDSTATUSCODES = 1 << 5, /* RFC 2034 */
    STINT_EXTENSION_CHUNKING = 1 << 6,            /* RFC 3030 */
    STINT_EXTENSION_BINARYMIME = 1 << 7,          /* RFC 3030 */
    STINT_EXTENSION_LIMITS = 1 << 8,              /* RFC 9422 */
    STINT_EXTENSION_SMTPUTF8 = 1 << 9,            /* RFC 6531 */
    STINT_EXTENSION_DSN = 1 << 10,                /* RFC 3461 */
    STINT_EXTENSION_REQUIRETLS = 1 << 11,         /* RFC 8689 */
    STINT_EXTENSION_MT_PRIORITY = 1 << 12,        /* RFC 6710 */
    STINT_EXTENSION_DELIVERBY = 1 << 13,          /* RFC 2852 */
    STINT_EXTENSION_FUTURERELEASE = 1 << 14       /* RFC 4865 */
};

/* SASL mechanisms that EHLO can offer, those that Stint speaks. Bits. */
enum stint_mechanism {
    STINT_MECHANISM_SCRAM_SHA_256_PLUS = 1 << 0, /* RFC 7677 */
    STINT_MECHANISM_SCRAM_SHA_1_PLUS = 1 << 1,   /* RFC 5802 */
    STINT_MECHANISM_SCRAM_SHA_256 = 1 << 2,
    STINT_MECHANISM_SCRAM_SHA_1 = 1 << 3,
    STINT_MECHANISM_PLAIN = 1 << 4,       /* RFC 4616 */
    STINT_MECHANISM_LOGIN = 1 << 5,       /* draft-murchison-sasl-login */
    STINT_MECHANISM_OAUTHBEARER = 1 << 6, /* RFC 7628 */
    STINT_MECHANISM_XOAUTH2 = 1 << 7,     /* Google's, and Microsoft's */
    STINT_MECHANISM_EXTERNAL = 1 << 8,    /* RFC 4422 A */
    STINT_MECHANISM_CRAM_MD5 = 1 << 9     /* RFC 2195 */
};

struct stint_result {
    /* The mail that this is about; NULL: none. Where several were given, those behind it were not
     * begun: nobody has got them. */
    const struct stint_mail *mail;

    uint8_t error; /* enum stint_error */
    uint8_t stage; /* enum stint_stage; QUIT when there was no error */
    uint8_t fate;  /* enum stint_fate, of all recipients together */
    uint8_t field; /* enum stint_field, with STINT_ERROR_CONFIG and STINT_ERROR_NO_EXTENSION */

    uint16_t recipient; /* index of the recipient that `error` is about, at RCPT, in CONFIG, and by
                         * LMTP where some or all were refused at CONTENT */

    uint16_t code;                  /* of the reply that `error` is about; 0: none */
    struct stint_enhanced enhanced; /* of that reply */

    /* With STINT_ERROR_CERTIFICATE: which one of the server's chain, from 0, its own, did not pass;
     * if it is that nobody trusted vouches for the chain, the last one. */
    uint8_t certificate;

    /* With STINT_ERROR_TLS, _RECORD_SIZE and _CERTIFICATE: BearSSL's BR_ERR_*, or
     * STINT_TLS_ERROR_PIN (stint/tls.h). 0 otherwise. */
    int tls_error;

    /* Of the whole session so far. */
    uint16_t extensions;      /* used: bits of enum stint_extension */
    uint16_t round_trips;     /* taken: 1 to connect, and 1 for each time that the server was heard
                               * after it was told something, or before it was told anything */
    uint32_t octets_sent;     /* to the transport, TLS included; modulo 2^32 */
    uint32_t octets_received; /* from it */
};

/* English names for logs: "temporary", "RCPT", "not accepted", "recipient". Never NULL; "?" for a
 * value that does not exist. */
const char *stint_error_name(unsigned error);
const char *stint_stage_name(unsigned stage);
const char *stint_fate_name(unsigned fate);
const char *stint_field_name(unsigned field);

#ifdef __cplusplus
}
#endif

#endif
