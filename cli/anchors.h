/* SPDX-License-Identifier: MIT */
#ifndef CLI_ANCHORS_H
#define CLI_ANCHORS_H

#include "check.h"
#include "options.h"
#include "roots.h"
#include "vouching.h"

/*
 * stint anchors: C for what firmware is to trust, on standard output, all of it or nothing. What it
 * costs is told on standard error. Functions that return an int return an enum status, and have
 * complained unless that is STATUS_DONE.
 */

/* From PEM files and pins. */
int anchors_from_files(const struct options *options);

/*
 * From a server. Its chain is looked at as it is accepted: first by all that this machine trusts
 * and all algorithms, which is reported as --check does; then in connections such as a device would
 * make. Zero it, set the first part, and call anchors_begin.
 */
struct anchors {
    const struct options *options;
    struct check *check;
    const char *path; /* of what this machine trusts; NULL: only pins */

    bool reports; /* the connection under way is the first one */
    bool lost;    /* a certificate: there was no memory */
    struct received received;
    struct roots trusted;
    struct roots needed;
    FILE *report;
    char *report_text;
    size_t report_length;
};

int anchors_begin(struct anchors *anchors);

/* Before each connection. For `show` in struct chain, with struct anchors as its context: */
void anchors_expect(struct anchors *anchors);
void anchors_certificate(void *context, const struct certificate *certificate, size_t length);

/* The first connection was made with `profile`, and is done without an error. */
int anchors_accepted(struct anchors *anchors, stint_tls_profile profile);

/* One as a device makes it is done, with the small profile or else the fast one; returns whether
 * that profile is known not to do. */
bool anchors_tried(struct anchors *anchors, const struct stint_client *client, bool is_small);

/* Write it all. */
int anchors_write(struct anchors *anchors);

void anchors_free(struct anchors *anchors);

#endif
