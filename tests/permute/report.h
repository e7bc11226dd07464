/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_REPORT_H
#define STINT_PERMUTE_REPORT_H

#include "stint/letter.h"

/* The message of a transcript's mail with `composed=yes`: text and a file, composed while it is
 * sent. Ends the program if that is not what the transcript has. */
void report_compose(struct stint_letter_composer *composer, const char *text, size_t length);

#endif
