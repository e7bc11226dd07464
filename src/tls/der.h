/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_DER_H
#define STINT_SRC_DER_H

#include <stdbool.h>
#include <stdint.h>

#include "stint/tls.h"

/*
 * DER (X.690), octet by octet as it streams by: which element begins, what is in it, where it ends.
 * It keeps how much is left of each element that is open, and no content. An element is opened, so
 * that those in it are told of, if it is constructed and not deeper than STINT_DER_DEPTH.
 */

enum stint_der_event {
    STINT_DER_HEADER,  /* the octet belongs to a tag or a length */
    STINT_DER_BEGIN,   /* the same, and ended it: `tag` and `length` of a new element */
    STINT_DER_CONTENT, /* it is content of an element that is not opened */
    STINT_DER_BAD      /* indefinite, overlong, or longer than the element around it */
};

/* Before the first octet of an element that is `length` octets long, header included. */
void stint_der_start(struct stint_der *der, uint32_t length);

/* The next octet. After BEGIN, `depth` counts the new element (1: the outermost). */
enum stint_der_event stint_der_octet(struct stint_der *der, uint8_t octet);

/* After BEGIN: the primitive element just begun holds DER itself; open it. */
void stint_der_open(struct stint_der *der);

/* After BEGIN and CONTENT: has the innermost element ended? */
bool stint_der_has_ended(const struct stint_der *der);

/* If so, leave it: `depth` counts it no more, and the same may be true for the one around it. */
bool stint_der_end(struct stint_der *der);

#endif
