/* SPDX-License-Identifier: MIT */
#include "tls/der.h"

#include <string.h>

/* What the next octet is. */
enum position { POSITION_TAG, POSITION_LENGTH, POSITION_LONG_LENGTH, POSITION_CONTENT };

#define TAG_CONSTRUCTED 0x20
#define TAG_LONG_FORM   0x1F

void stint_der_start(struct stint_der *der, uint32_t length)
{
    memset(der, 0, sizeof *der);
    der->left[0] = length;
}

/* left[depth] is what is left of the innermost element; left[0] is all there is. */
static bool take(struct stint_der *der, uint32_t length)
{
    if (der->left[der->depth] < length) {
        return false;
    }
    der->left[der->depth] -= length;
    return true;
}

static enum stint_der_event begin(struct stint_der *der)
{
    if (der->depth == STINT_DER_DEPTH || !take(der, der->length)) {
        return STINT_DER_BAD;
    }
    der->depth++;
    der->left[der->depth] = der->length;
    der->position = POSITION_CONTENT;
    if ((der->tag & TAG_CONSTRUCTED) != 0 && der->depth < STINT_DER_DEPTH) {
        der->position = POSITION_TAG;
    }
    return STINT_DER_BEGIN;
}

/* X.690 10.1: definite lengths in the fewest octets; here at most four of them. */
static enum stint_der_event short_length(struct stint_der *der, uint8_t octet)
{
    if (octet < 0x80) {
        der->length = octet;
        return begin(der);
    }
    if (octet == 0x80 || octet > 0x84) {
        return STINT_DER_BAD;
    }
    der->length = 0;
    der->length_octets = octet & 0x0F;
    der->position = POSITION_LONG_LENGTH;
    return STINT_DER_HEADER;
}

static enum stint_der_event long_length(struct stint_der *der, uint8_t octet)
{
    if (der->length == 0 && octet == 0 && der->length_octets > 1) {
        return STINT_DER_BAD;
    }
    der->length = der->length << 8 | octet;
    der->length_octets--;
    if (der->length_octets > 0) {
        return STINT_DER_HEADER;
    }
    return der->length < 0x80 ? STINT_DER_BAD : begin(der);
}

static enum stint_der_event tag(struct stint_der *der, uint8_t octet)
{
    if ((octet & TAG_LONG_FORM) == TAG_LONG_FORM) {
        return STINT_DER_BAD;
    }
    der->tag = octet;
    der->position = POSITION_LENGTH;
    return STINT_DER_HEADER;
}

enum stint_der_event stint_der_octet(struct stint_der *der, uint8_t octet)
{
    if (!take(der, 1)) {
        return STINT_DER_BAD;
    }
    switch (der->position) {
    case POSITION_TAG: return tag(der, octet);
    case POSITION_LENGTH: return short_length(der, octet);
    case POSITION_LONG_LENGTH: return long_length(der, octet);
    default: return STINT_DER_CONTENT;
    }
}

void stint_der_open(struct stint_der *der)
{
    if (der->depth < STINT_DER_DEPTH) {
        der->position = POSITION_TAG;
    }
}

bool stint_der_has_ended(const struct stint_der *der)
{
    bool in_header = der->position == POSITION_LENGTH || der->position == POSITION_LONG_LENGTH;

    return der->depth > 0 && der->left[der->depth] == 0 && !in_header;
}

bool stint_der_end(struct stint_der *der)
{
    if (!stint_der_has_ended(der)) {
        return false;
    }
    der->depth--;
    der->position = POSITION_TAG;
    return true;
}
