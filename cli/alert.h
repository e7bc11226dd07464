/* SPDX-License-Identifier: MIT */
#ifndef CLI_ALERT_H
#define CLI_ALERT_H

#include <stddef.h>

#include "options.h"

/* A short ASCII message made from --subject and --text, with the header that RFC 5322 wants. */
struct alert {
    char *octets; /* CRLF line ends; on the heap */
    size_t length;
};

/* Returns an enum status. */
int alert_write(struct alert *alert, const struct options *options);

void alert_free(struct alert *alert);

#endif
