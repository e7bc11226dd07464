/* SPDX-License-Identifier: MIT */
#ifndef STINT_PARAMETERS_H
#define STINT_PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a mail may ask of the server beside delivery: parameters of MAIL and RCPT. All of it is
 * optional, and all of it is an extension that the server must offer. What is asked for and cannot
 * be had is an error before MAIL is said, and nobody has got the mail: STINT_ERROR_NO_EXTENSION,
 * with `field` of struct stint_result to say which. Stint never leaves out what was asked for.
 *
 * Values out of range, and strings that are not as described here, are refused before a connection
 * is opened (STINT_ERROR_CONFIG, with the same `field`). Strings are given as they are: Stint makes
 * xtext of them (RFC 3461 4) where the command needs that.
 */

/* Of what the sender is to be notified, for one recipient (RFC 3461 4.1): bits. */
enum stint_notify {
    STINT_NOTIFY_BY_SERVER = 0, /* nothing is said: as a rule of failure, and perhaps of delay */
    STINT_NOTIFY_SUCCESS = 1 << 0,
    STINT_NOTIFY_FAILURE = 1 << 1,
    STINT_NOTIFY_DELAY = 1 << 2,
    STINT_NOTIFY_NEVER = 1 << 3 /* goes with no other */
};

/* What of the message comes back with a notification of failure (RFC 3461 4.3). */
enum stint_return {
    STINT_RETURN_BY_SERVER = 0, /* nothing is said */
    STINT_RETURN_FULL,
    STINT_RETURN_HEADERS
};

/* What the server does with a mail that it could not deliver in time (RFC 2852 4). */
enum stint_late {
    STINT_LATE_RETURN = 0, /* it goes no further, and comes back */
    STINT_LATE_NOTIFY      /* it goes on, and the sender is notified */
};

/* Zero it first: the zero of every field asks for nothing. */
struct stint_mail_parameters {
    /* ENVID (DSN, RFC 3461 4.4): what notifications call this mail. NULL, or printable ASCII with
     * spaces, 1 to 100 octets as xtext. STINT_FIELD_DSN. */
    const char *envelope_id;

    /* ORCPT (DSN, RFC 3461 4.2): for each recipient of the mail, in the same order, the address
     * that the sender had given for him, as TYPE;ADDRESS ("rfc822;Bob@example.com"), or NULL. The
     * type is of letters, digits and "-", the address printable ASCII; at most 500 octets as xtext.
     * Of the type "utf-8" the address is UTF-8, without ASCII's control characters, and is encoded
     * as ASCII (RFC 6533 3). NULL: nothing is said of any. STINT_FIELD_DSN, with `recipient`. */
    const char *const *originals;

    /* AUTH (RFC 4954 5): the mailbox of who submitted the mail in the first place, told by a client
     * that the server trusts for it; "" if that is not known. NULL: nothing is said. ASCII; with
     * its keyword at most 500 octets as xtext. Needs no credentials, only a server that offers
     * AUTH. STINT_FIELD_SUBMITTER. */
    const char *submitter;

    /* FUTURERELEASE (RFC 4865): the server is to keep the mail for so long, in s, 1 to 999,999,999
     * (HOLDFOR); or until then, UTC, "2026-12-24T18:00:00Z" (HOLDUNTIL); not both. 0 and NULL:
     * nothing is said. A time that is longer than the server's longest is refused like an
     * extension that it does not offer; whether a date is too late the server judges.
     * STINT_FIELD_HOLD. */
    uint32_t hold_for_s;
    const char *hold_until;

    /* DELIVERBY (RFC 2852): deliver within so many s, 1 to 999,999,999, or do what `late` says. 0:
     * nothing is said. With LATE_RETURN a time that is shorter than the server's shortest is
     * refused like an extension that it does not offer. STINT_FIELD_DELIVER_BY. */
    uint32_t deliver_by_s;
    uint8_t late;      /* enum stint_late; this and the next only where there is such a time */
    bool traces_relay; /* notify the sender, too, where the mail leaves for a server that does not
                        * know DELIVERBY */

    /* MT-PRIORITY (RFC 6710): -9 to 9; 0, which is the priority of every other mail: nothing is
     * said. STINT_FIELD_PRIORITY. */
    int8_t priority;

    uint8_t returns; /* RET (DSN): enum stint_return. STINT_FIELD_DSN */

    /* REQUIRETLS (RFC 8689): on its whole way the mail goes through verified TLS, or not at all.
     * The connection to the server must be, too. STINT_FIELD_REQUIRE_TLS. */
    bool requires_tls;
};

#endif
