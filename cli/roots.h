/* SPDX-License-Identifier: MIT */
#ifndef CLI_ROOTS_H
#define CLI_ROOTS_H

#include <bearssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certificate.h"

/* A certificate that an anchor is made of. What the others point to is in `der`. */
struct root {
    uint8_t *der;
    size_t length;
    struct certificate certificate;
    br_x509_trust_anchor anchor;
};

/* Zero it first. No two have the same name and key. */
struct roots {
    struct root *all;
    size_t count;
    size_t room;
};

/* Add what the PEM file at `path` holds; "-" is standard input. Each must be a CA's certificate
 * with a key that BearSSL can use. Returns an enum status, and has complained unless that is
 * STATUS_DONE. */
int roots_read(struct roots *roots, const char *path);

/* The same for a file that a client would trust as a whole: what BearSSL cannot use is passed over,
 * and a server's own certificate is one of them. */
int roots_read_trusted(struct roots *roots, const char *path);

/* Add a copy of a root, unless there is its like. Returns false if there is no memory. */
bool roots_add(struct roots *roots, const struct root *root);

void roots_free(struct roots *roots);

#endif
