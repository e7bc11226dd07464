/* SPDX-License-Identifier: MIT */
#ifndef CLI_MEDIA_TYPE_H
#define CLI_MEDIA_TYPE_H

#define MEDIA_TYPE_ROOM 160

/* The media type of the file at `path` by how its name ends, from ~/.mime.types or the system's
 * /etc/mime.types; "application/octet-stream" if neither knows it. */
void media_type_of(const char *path, char type[MEDIA_TYPE_ROOM]);

#endif
