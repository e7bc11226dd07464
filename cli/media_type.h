/* SPDX-License-Identifier: MIT */
#ifndef CLI_MEDIA_TYPE_H
#define CLI_MEDIA_TYPE_H

#include <stdbool.h>

#define MEDIA_TYPE_ROOM 160

/* What is nothing in particular. */
#define MEDIA_TYPE_OCTETS "application/octet-stream"

/* The media type of the file at `path` by how its name ends, from ~/.mime.types or the system's
 * /etc/mime.types; MEDIA_TYPE_OCTETS if neither knows it. */
void media_type_of(const char *path, char type[MEDIA_TYPE_ROOM]);

bool media_type_is_text(const char *type);

#endif
