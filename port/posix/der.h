/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_DER_H
#define STINT_POSIX_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading DER (ITU-T X.690) that may hold anything. */

enum stint_posix_der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};

/* Octets not yet read. */
struct stint_posix_der {
    const uint8_t *at;
    size_t left;
};

struct stint_posix_der_element {
    uint8_t tag;
    struct stint_posix_der content;
    const uint8_t *start; /* of its tag */
    size_t length;        /* with tag and length octets */
};

/* Take the next element off `from`. Returns false at its end, or if the element is cut off, longer
 * than 65,535 octets, or of a form that X.509 does not use. */
bool stint_posix_der_next(struct stint_posix_der *from, struct stint_posix_der_element *element);

/* The same, and its tag must be `tag`. */
bool stint_posix_der_expect(struct stint_posix_der *from, uint8_t tag,
                            struct stint_posix_der_element *element);

/* Is the content these octets? */
bool stint_posix_der_is(const struct stint_posix_der_element *element, const char *octets,
                        size_t length);

#endif
