/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_OAUTH_H
#define STINT_SRC_OAUTH_H

#include "stint/private.h"

/* What is said with an OAuth 2.0 bearer token (RFC 6750), and what to the server's challenge, which
 * tells why it is refused. May be left out (STINT_OAUTH). */

/* OAUTHBEARER (RFC 7628). */
bool stint_oauth_bearer(const struct stint_account *account, const struct stint_sasl_work *work,
                        size_t offset, uint8_t *octet);
bool stint_oauth_bearer_end(const struct stint_account *account, const struct stint_sasl_work *work,
                            size_t offset, uint8_t *octet);

/* XOAUTH2, as Google and Microsoft have it. */
bool stint_oauth_xoauth2(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet);
bool stint_oauth_xoauth2_end(const struct stint_account *account,
                             const struct stint_sasl_work *work, size_t offset, uint8_t *octet);

#endif
