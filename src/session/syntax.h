/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SYNTAX_H
#define STINT_SRC_SYNTAX_H

#include <stdbool.h>

#include "stint/config.h"

/*
 * The gate for every string of the caller's that reaches the wire: whatever passes here cannot end
 * a command or begin another. Each takes a NUL-terminated string that is not NULL. The RFCs'
 * grammar may be left out (STINT_SYNTAX): then that is all that is looked at.
 */

#if STINT_SYNTAX

/* A DNS name or an IP address: letters, digits, "-._:%"; 1 to 255 octets. */
bool stint_syntax_host(const char *host);

/* EHLO's argument (RFC 5321 4.1.1.1): a domain name other than "localhost", or "[" literal "]". */
bool stint_syntax_ehlo_name(const char *name);

/* A local address as RFC 5321 4.1.3 has it between brackets: at most 60 octets. */
bool stint_syntax_address(const char *address);

/* A mailbox, local-part "@" domain or literal (RFC 5321 4.1.2), ASCII, within the lengths of
 * 4.5.3.1.1-3. */
bool stint_syntax_mailbox(const char *mailbox);

/* A mailbox, in which there may be UTF-8 (RFC 6531 3.3) if STINT_SMTPUTF8. */
bool stint_syntax_sender(const char *sender);

/* The same, or "postmaster" alone (RFC 5321 4.1.1.3). */
bool stint_syntax_recipient(const char *recipient);

/* A user name: 1 to 255 octets (RFC 4616 2), no control characters. */
bool stint_syntax_user(const char *user);

#else

/* Letters, digits and punctuation of ASCII, but neither "<" nor ">": 1 to 255 octets. */
bool stint_syntax_is_word(const char *text);

/* The same, with an "@" in it. */
bool stint_syntax_is_mailbox(const char *text);

static inline bool stint_syntax_host(const char *host)
{
    return stint_syntax_is_word(host);
}

static inline bool stint_syntax_ehlo_name(const char *name)
{
    return stint_syntax_is_word(name);
}

static inline bool stint_syntax_address(const char *address)
{
    return stint_syntax_is_word(address);
}

static inline bool stint_syntax_mailbox(const char *mailbox)
{
    return stint_syntax_is_mailbox(mailbox);
}

static inline bool stint_syntax_sender(const char *sender)
{
    return stint_syntax_is_mailbox(sender);
}

static inline bool stint_syntax_recipient(const char *recipient)
{
    return stint_syntax_is_mailbox(recipient);
}

static inline bool stint_syntax_user(const char *user)
{
    return stint_syntax_is_word(user);
}

#endif

#endif
