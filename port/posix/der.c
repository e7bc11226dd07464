/* SPDX-License-Identifier: MIT */
#include "der.h"

#include <string.h>

/* The length octets: short form, or long form with one or two octets. Returns how many there are,
 * 0 if they are malformed. */
static size_t read_length(const uint8_t *at, size_t left, size_t *length)
{
    if (left >= 1 && at[0] < 0x80) {
        *length = at[0];
        return 1;
    }
    if (left >= 2 && at[0] == 0x81) {
        *length = at[1];
        return 2;
    }
    if (left >= 3 && at[0] == 0x82) {
        *length = (size_t)at[1] << 8 | at[2];
        return 3;
    }
    return 0;
}

bool stint_posix_der_next(struct stint_posix_der *from, struct stint_posix_der_element *element)
{
    size_t header;
    size_t length;

    if (from->left < 2 || (from->at[0] & 0x1F) == 0x1F) {
        return false;
    }
    header = read_length(from->at + 1, from->left - 1, &length);
    if (header == 0 || length > from->left - 1 - header) {
        return false;
    }
    element->tag = from->at[0];
    element->start = from->at;
    element->length = 1 + header + length;
    element->content.at = from->at + 1 + header;
    element->content.left = length;
    from->at += element->length;
    from->left -= element->length;
    return true;
}

bool stint_posix_der_expect(struct stint_posix_der *from, uint8_t tag,
                            struct stint_posix_der_element *element)
{
    return stint_posix_der_next(from, element) && element->tag == tag;
}

bool stint_posix_der_is(const struct stint_posix_der_element *element, const char *octets,
                        size_t length)
{
    return element->content.left == length && memcmp(element->content.at, octets, length) == 0;
}
