/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_READINGS_H
#define FIRMWARE_READINGS_H

#include "stint/source.h"

/*
 * The message: an alert, and behind it a list of readings as long as wanted. It is made while it is
 * sent, and no longer than a line is ever in memory.
 */
struct readings {
    uint32_t count; /* to send; set by the caller */

    /* private */
    uint32_t made;
    const char *rest; /* of the line being sent; NULL: not begun */
    char line[20];
};

void readings_source(struct stint_source *source, struct readings *readings);

#endif
