/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_PARAMETERS_H
#define STINT_PERMUTE_PARAMETERS_H

#include "inside.h"

/* What a mail asks for beside delivery, as the RFCs write it. */

/* Add what stands behind MAIL and RCPT to `line`, as far as there is room. `asked` may be NULL. */
void parameters_of_mail(char *line, size_t room, const struct stint_mail_parameters *asked);
void parameters_of_recipient(char *line, size_t room, const struct stint_mail *mail,
                             size_t recipient);

/* What of it the server has not offered. */
enum stint_field parameters_misfit(const struct rule *rule, const struct stint_mail *mail);

#endif
