/* SPDX-License-Identifier: MIT */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include "stint/result.h"

/* What to do after `result`, as half a sentence for a person; `security` is the one in use (enum
 * stint_security). Never NULL; "" where there is nothing to say. */
const char *advice(const struct stint_result *result, unsigned security);

#endif
