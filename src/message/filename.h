/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_FILENAME_H
#define STINT_SRC_FILENAME_H

#include "message/writer.h"

/* The parameter "filename" of Content-Disposition (RFC 2183 2.3), a line or several of a folded
 * field: ASCII in quotes, or as RFC 2231 has it. Of a path only what names the file (RFC 2183 5),
 * and without double quotes. */
void stint_put_filename(struct stint_composer *composer, const char *path);

#endif
