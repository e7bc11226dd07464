/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXTENSIONS_H
#define CLI_EXTENSIONS_H

#include <stdio.h>

/* Print the keyword of each extension in `extensions` (bits of enum stint_extension), a space in
 * front of each. */
void extensions_print(FILE *to, unsigned extensions);

#endif
