/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "outcome.h"

/* Say on stderr what became of the message, what went wrong, and what to do: the last line alone is
 * enough to know, the lines before it list recipients where they differ. */
void explain(const struct outcome *outcome);

#endif
