/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXTENSIONS_H
#define CLI_EXTENSIONS_H

#include <stdio.h>

/* Print the name of each extension (bits of enum stint_extension) or SASL mechanism (bits of
 * enum stint_mechanism), a space in front of each. */
void extensions_print(FILE *to, unsigned bits);
void mechanisms_print(FILE *to, unsigned bits);

#endif
