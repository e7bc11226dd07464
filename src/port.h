/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PORT_H
#define STINT_SRC_PORT_H

#include "stint/account.h"

#define STINT_PORT_SUBMISSIONS 465 /* RFC 8314 7.3 */
#define STINT_PORT_SUBMISSION  587 /* RFC 6409 3.1 */
#define STINT_PORT_SMTP        25  /* RFC 5321 4.5.4.2 */

/* The port to connect to. */
static inline uint16_t stint_port(const struct stint_account *account)
{
    if (account->port != 0) {
        return account->port;
    }
    switch (account->security) {
    case STINT_SECURITY_STARTTLS: return STINT_PORT_SUBMISSION;
    case STINT_SECURITY_NONE: return STINT_PORT_SMTP;
    default: return STINT_PORT_SUBMISSIONS;
    }
}

#endif
