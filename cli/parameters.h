/* SPDX-License-Identifier: MIT */
#ifndef CLI_PARAMETERS_H
#define CLI_PARAMETERS_H

#include <stdint.h>

#include "stint/parameters.h"

/* The options that ask the server for more than delivery. Each reads `value`, and returns NULL or
 * what is wrong with it. */

/* "success,failure,delay", any of these, or "never": bits of enum stint_notify. */
const char *parameters_read_notify(uint8_t *notify, const char *value);

/* "full" or "hdrs". */
const char *parameters_read_return(struct stint_mail_parameters *to, const char *value);

/* "-9" to "9". */
const char *parameters_read_priority(struct stint_mail_parameters *to, const char *value);

/* "SECONDS", "SECONDS:R" or "SECONDS:N". */
const char *parameters_read_deliver_by(struct stint_mail_parameters *to, const char *value);

/* "SECONDS". */
const char *parameters_read_hold_for(struct stint_mail_parameters *to, const char *value);

#endif
