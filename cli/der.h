/* SPDX-License-Identifier: MIT */
#ifndef CLI_DER_H
#define CLI_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading DER (ITU-T X.690) that may hold anything. */

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};

/* Octets not yet read. */
struct der {
    const uint8_t *at;
    size_t left;
};

struct der_element {
    uint8_t tag;
    struct der content;
    const uint8_t *start; /* of its tag */
    size_t length;        /* with tag and length octets */
};

/* Take the next element off `from`. Returns false at its end, or if the element is cut off, longer
 * than 65,535 octets, or of a form that X.509 does not use. */
bool der_next(struct der *from, struct der_element *element);

/* The same, and its tag must be `tag`. */
bool der_expect(struct der *from, uint8_t tag, struct der_element *element);

#endif
