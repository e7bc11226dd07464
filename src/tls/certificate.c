/* SPDX-License-Identifier: MIT */
#include "tls/certificate.h"

#include "tls/address.h"
#include "tls/der.h"

#include <string.h>

/* RFC 5280 4.1, by depth:
 * 1 Certificate  2 TBSCertificate  3 its fields  4 of validity: the times
 * 3 [3] extensions  4 Extensions  5 Extension  6 its OID, and the octet string around its value
 * 7 the value  8 a name, or a purpose */
enum depth {
    DEPTH_PART = 2,
    DEPTH_FIELD = 3,
    DEPTH_TIME = 4,
    DEPTH_EXTENSION = 5,
    DEPTH_EXTENSION_PART = 6,
    DEPTH_ITEM = 8
};

/* What follows it - the algorithm once more, and the signature - anybody can have changed. */
#define PART_SIGNED 1

enum field {
    FIELD_VALIDITY = 4, /* behind the serial number, the algorithm and the issuer */
    FIELD_SUBJECT,
    FIELD_KEY,
    FIELD_EXTENSIONS = 0xFF
};

enum tag {
    TAG_OCTET_STRING = 0x04,
    TAG_OID = 0x06,
    TAG_DNS_NAME = 0x82,   /* GeneralName [2] */
    TAG_IP_ADDRESS = 0x87, /* GeneralName [7] */
    TAG_VERSION = 0xA0,
    TAG_EXTENSIONS = 0xA3
};

/* The last octet of 2.5.29.x */
enum extension {
    EXTENSION_ALTERNATIVE_NAMES = 17,
    EXTENSION_NAME_CONSTRAINTS = 30,
    EXTENSION_PURPOSES = 37
};

void stint_certificate_host(struct stint_certificate *certificate, const char *host)
{
    certificate->host = host;
    certificate->address_length = stint_address(host, certificate->address);
}

void stint_certificate_start(struct stint_certificate *c, uint32_t length)
{
    memset(c, 0, offsetof(struct stint_certificate, der));
    stint_der_start(&c->der, length);
    br_sha256_init(&c->key_hash);
}

/* ---- Names ---- */

static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/* RFC 9525 6.3: "*" stands for one whole label, the left-most, and never for one right below a top
 * level. Returns where the rest of the host begins, or 0 if "*" cannot stand here. */
static uint16_t behind_first_label(const char *host)
{
    uint16_t dot = 0;
    uint16_t i;

    for (i = 0; host[i] != '\0'; i++) {
        if (host[i] == '.' && host[i + 1] != '\0') {
            if (dot != 0) {
                return dot;
            }
            dot = i;
        }
    }
    return 0;
}

/* The host's end is no octet that a name could have: so a NUL in a name differs. */
static void dns_octet(struct stint_certificate *c, uint8_t octet)
{
    uint8_t wanted = (uint8_t)c->host[c->host_matched];

    if (c->name_length == 0 && octet == '*') {
        c->host_matched = behind_first_label(c->host);
        c->name_differs = c->host_matched == 0;
    } else if (wanted == '\0' || lower(octet) != lower(wanted)) {
        c->name_differs = true;
    } else if (!c->name_differs) {
        c->host_matched++;
    }
}

static void address_octet(struct stint_certificate *c, uint8_t octet)
{
    if (c->name_length >= c->address_length || octet != c->address[c->name_length]) {
        c->name_differs = true;
    }
}

static void name_octet(struct stint_certificate *c, uint8_t octet)
{
    if (c->address_length > 0) {
        address_octet(c, octet);
    } else {
        dns_octet(c, octet);
    }
    if (c->name_length < UINT16_MAX) {
        c->name_length++;
    }
}

/* An address is looked for among addresses only, a name among names (RFC 9525 6.5). */
static bool is_our_kind_of_name(const struct stint_certificate *c)
{
    return c->der.tag == (c->address_length > 0 ? TAG_IP_ADDRESS : TAG_DNS_NAME);
}

static void name_end(struct stint_certificate *c)
{
    bool whole = c->address_length > 0 ? c->name_length == c->address_length
                                       : c->name_length > 0 && c->host[c->host_matched] == '\0';

    if (whole && !c->name_differs && is_our_kind_of_name(c)) {
        c->names_host = true;
    }
}

/* ---- Elements ---- */

static bool is_item_of(const struct stint_certificate *c, enum extension extension)
{
    return c->field == FIELD_EXTENSIONS && c->der.depth == DEPTH_ITEM &&
           c->extension == (uint8_t)extension;
}

static void field_begins(struct stint_certificate *c)
{
    if (c->der.tag == TAG_EXTENSIONS) {
        c->field = FIELD_EXTENSIONS;
    } else if (c->der.tag != TAG_VERSION && c->field < FIELD_EXTENSIONS - 1) {
        c->field++;
    }
}

static void element_begins(struct stint_certificate *c)
{
    c->kept_length = 0;
    c->name_length = 0;
    c->host_matched = 0;
    c->name_differs = false;
    if (c->der.depth == DEPTH_PART && c->part < UINT8_MAX) {
        c->part++;
        c->field = 0;
    }
    if (c->der.depth == DEPTH_FIELD && c->part == PART_SIGNED) {
        field_begins(c);
    }
    if (c->field != FIELD_EXTENSIONS) {
        return;
    }
    if (c->der.depth == DEPTH_EXTENSION) {
        c->extension = 0;
    }
    if (c->der.depth == DEPTH_EXTENSION_PART && c->der.tag == TAG_OCTET_STRING &&
        (c->extension == EXTENSION_ALTERNATIVE_NAMES || c->extension == EXTENSION_PURPOSES)) {
        stint_der_open(&c->der); /* others may hold what is no DER */
    }
}

static void content(struct stint_certificate *c, uint8_t octet)
{
    if (is_item_of(c, EXTENSION_ALTERNATIVE_NAMES)) {
        name_octet(c, octet);
        return;
    }
    if (c->kept_length < sizeof c->kept) {
        c->kept[c->kept_length] = octet;
    }
    if (c->kept_length < UINT8_MAX) {
        c->kept_length++;
    }
}

static bool kept_is(const struct stint_certificate *c, const uint8_t *octets, uint8_t length)
{
    return c->kept_length == length && memcmp(c->kept, octets, length) == 0;
}

static void extension_named(struct stint_certificate *c)
{
    static const uint8_t id_ce[] = {0x55, 0x1D};

    if (c->kept_length == 3 && memcmp(c->kept, id_ce, sizeof id_ce) == 0) {
        c->extension = c->kept[2];
    }
    if (c->extension == EXTENSION_PURPOSES) {
        c->has_purposes = true;
    }
    if (c->extension == EXTENSION_NAME_CONSTRAINTS) {
        c->has_constraints = true;
    }
}

/* A primitive element, of which the tag and what was kept are still there. */
static void element_ends(struct stint_certificate *c)
{
    static const uint8_t server_auth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};

    if (c->field == FIELD_VALIDITY && c->der.depth == DEPTH_TIME) {
        c->has_begin = true;
    } else if (is_item_of(c, EXTENSION_ALTERNATIVE_NAMES)) {
        name_end(c);
    } else if (is_item_of(c, EXTENSION_PURPOSES)) {
        if (c->der.tag == TAG_OID && kept_is(c, server_auth, (uint8_t)sizeof server_auth)) {
            c->is_for_servers = true;
        }
    } else if (c->field == FIELD_EXTENSIONS && c->der.depth == DEPTH_EXTENSION_PART &&
               c->der.tag == TAG_OID) {
        extension_named(c);
    }
}

/* The SubjectPublicKeyInfo: from its tag on, which follows the subject's end. */
static bool is_of_key(const struct stint_certificate *c)
{
    return c->part == PART_SIGNED && ((c->field == FIELD_SUBJECT && c->der.depth == DEPTH_PART) ||
                                      (c->field == FIELD_KEY && c->der.depth >= DEPTH_FIELD));
}

static void octet(struct stint_certificate *c, uint8_t value)
{
    if (c->hashes_key && is_of_key(c)) {
        br_sha256_update(&c->key_hash, &value, 1);
    }
    switch (stint_der_octet(&c->der, value)) {
    case STINT_DER_HEADER: return;
    case STINT_DER_BEGIN: element_begins(c); break;
    case STINT_DER_CONTENT: content(c, value); break;
    case STINT_DER_BAD: c->is_damaged = true; return;
    }
    /* What ends first is the innermost; those around it are constructed, and of no interest. */
    if (stint_der_has_ended(&c->der)) {
        element_ends(c);
    }
    while (stint_der_end(&c->der)) {
    }
}

size_t stint_certificate_octets(struct stint_certificate *certificate, const uint8_t *octets,
                                size_t length)
{
    const bool had_begin = certificate->has_begin;
    size_t i;

    for (i = 0; i < length && !certificate->is_damaged; i++) {
        octet(certificate, octets[i]);
        if (certificate->has_begin != had_begin) {
            return i + 1;
        }
    }
    return length;
}
