/* SPDX-License-Identifier: MIT */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "stint/source.h"

/*
 * The message as a source: a file, a pipe, or composed. What can be looked at twice is scanned
 * before connecting; what flows by once is checked by the library on its way.
 */
struct message {
    struct stint_source source; /* its context is this struct: do not copy it once it is open */
    const char *name;           /* for error messages */
    const char *failure;        /* why the source failed; NULL: it did not */
    bool ended;                 /* all of it was read */

    int descriptor;      /* -1: none */
    const char *path;    /* of a file that is open only while it is read; NULL: it stays open */
    off_t start;         /* where a file's first octet is */
    struct stat before;  /* the file when it was scanned */
    uint64_t octets;     /* that it had then; 0: not known */
    uint64_t handed;     /* that were read of it since */
    const uint8_t *held; /* all of them, if they are few */
};

/* What is asked of a message. */
struct message_wish {
    bool binary; /* its octets are not lines of text, and go as they are */
    bool alone;  /* there is no other, so it may come through a pipe */
    bool part;   /* it is a part of one, so it may, too */
    bool exact;  /* its size is to be known, however large it is */
};

/* The message in the file at `path`, or on standard input if that is NULL or "-". Returns an enum
 * status, STATUS_DONE or after a complaint. */
int message_open(struct message *message, const char *path, struct message_wish wish);

/* The descriptor to wait for when the source answered AGAIN. */
int message_descriptor(const struct message *message);

void message_close(struct message *message);

#endif
