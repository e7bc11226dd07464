/* SPDX-License-Identifier: MIT */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <stdio.h>

#include "roots.h"

#include "stint/tls.h"

/* What firmware is to trust, as C: NAME and NAME_count, for `anchors` and `anchor_count` of struct
 * stint_tls, and NAME_pins and NAME_pins_count. What there is none of is left out. */
struct source {
    const char *name; /* an identifier */
    const struct roots *roots;
    const uint8_t (*pins)[STINT_TLS_PIN_OCTETS];
    size_t pin_count;
    const char *report; /* lines to put into a comment; "": none */
};

void source_write(FILE *stream, const struct source *source);

/* A line for each root with the flash it takes, and one for all. */
void source_write_table(FILE *stream, const struct source *source);

#endif
