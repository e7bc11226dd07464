/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SYNTAX_H
#define STINT_SRC_SYNTAX_H

#include <stdbool.h>

/*
 * The gate for every string of the caller's that reaches the wire: whatever passes here cannot end
 * a command or begin another. Each takes a NUL-terminated string that is not NULL.
 */

/* A DNS name or an IP address: letters, digits, "-._:%"; 1 to 255 octets. */
bool stint_syntax_host(const char *host);

/* EHLO's argument (RFC 5321 4.1.1.1): a domain name other than "localhost", or "[" literal "]". */
bool stint_syntax_ehlo_name(const char *name);

/* A local address as RFC 5321 4.1.3 has it between brackets: at most 60 octets. */
bool stint_syntax_address(const char *address);

/* A mailbox, local-part "@" domain or literal (RFC 5321 4.1.2), ASCII, within the lengths of
 * 4.5.3.1.1-3. */
bool stint_syntax_mailbox(const char *mailbox);

/* A mailbox, or "postmaster" alone (RFC 5321 4.1.1.3). */
bool stint_syntax_recipient(const char *recipient);

/* A user name: 1 to 255 octets (RFC 4616 2), no control characters. */
bool stint_syntax_user(const char *user);

#endif
