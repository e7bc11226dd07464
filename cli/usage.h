/* SPDX-License-Identifier: MIT */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

/* What --help and --version print on standard output. Both return an enum status. */
int usage_help(void);
int usage_version(void);

#endif
