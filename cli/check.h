/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certificate.h"

#include "stint_posix.h"

#define CHECK_NAME_MAX 1024

/* --check: what is learned of a server while a session without mail runs. Zero it, then set the
 * first part. */
struct check {
    FILE *stream; /* what it is printed to */
    const struct stint_client *client;
    const struct stint_posix *port;
    const struct stint_account *account;
    const struct stint_posix_anchors *anchors;
    const char *anchors_path; /* NULL: no anchors, only pins */

    bool headed;
    bool secured;
    unsigned certificates; /* seen so far */
    bool rooted;           /* an issuer that is among the anchors was met */
    bool self_issued;      /* the last certificate looked at names itself as its issuer */

    /* The name of the root: the issuer of the first certificate whose issuer is an anchor, or else
     * of the last certificate. */
    size_t root_length;
    uint8_t root[CHECK_NAME_MAX];
};

/* For `show` in struct chain; the context is the struct check. Prints each certificate. */
void check_certificate(void *context, const struct certificate *certificate, size_t length);

/* After each step of the client. */
void check_look(struct check *check);

/* Print the rest, when the session is done. Returns an enum status: that of the stream. */
int check_report(struct check *check);

#endif
