/* SPDX-License-Identifier: MIT */
#ifndef CLI_ATTACHMENTS_H
#define CLI_ATTACHMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media_type.h"
#include "message.h"
#include "options.h"

#include "stint/letter.h"

struct attachments;

/* A file as a part of a letter. It is open only while it is read, and read again for each time that
 * the letter is; what comes through a pipe is read once. */
struct attachment {
    struct message file;
    struct attachments *among;
    char *path; /* "-": standard input */
    char type[MEDIA_TYPE_ROOM];
    char id[300];
    struct stint_text text; /* if it is one */
};

/* Those of a letter. Zero it first, and do not copy it once it is open. */
struct attachments {
    struct attachment *all;
    struct stint_part *parts;
    uint16_t count;
    bool flows; /* one of them comes through a pipe */

    /* The one that was read last; its octets from `offset` on are in `block`. */
    struct attachment *current;
    uint32_t offset;
    size_t length;
    uint8_t block[65536];
};

/* Look at the files that `options` name. Those in the HTML get IDs with `domain`, which begins with
 * an @. Returns an enum status, STATUS_DONE or after a complaint. */
int attachments_open(struct attachments *attachments, const struct options *options,
                     const char *domain);

/* What `path` is called in a message. */
const char *attachment_name(const struct attachment *attachment);

void attachments_close(struct attachments *attachments);

#endif
