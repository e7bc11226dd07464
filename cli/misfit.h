/* SPDX-License-Identifier: MIT */
#ifndef CLI_MISFIT_H
#define CLI_MISFIT_H

#include "options.h"

/* What is missing among the options, or does not go together; NULL: nothing. */
const char *misfit(const struct options *options);

#endif
