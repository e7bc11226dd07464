/* SPDX-License-Identifier: MIT */
#include "anchor.h"

#include "der.h"

#define TAG_VERSION    0xA0
#define TAG_EXTENSIONS 0xA3

#define OID_RSA               "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01"
#define OID_EC                "\x2A\x86\x48\xCE\x3D\x02\x01"
#define OID_BASIC_CONSTRAINTS "\x55\x1D\x13"

/* Is the content of an element the octets of this literal? */
#define IS(element, octets) stint_posix_der_is(&(element), octets, sizeof octets - 1)

#define RSA_MAX_OCTETS 512 /* of a modulus: BearSSL's limit */

/* One certificate being read. Only here it is known that its octets may be written to, which
 * anchors ask for and nobody does. */
struct reading {
    uint8_t *der;
    const uint8_t *same;
    br_x509_trust_anchor *anchor;
};

static uint8_t *writable(const struct reading *reading, const uint8_t *octets)
{
    return reading->der + (octets - reading->same);
}

/* An INTEGER over 0, without its leading zeros. */
static bool read_number(struct stint_posix_der *from, struct stint_posix_der *number)
{
    struct stint_posix_der_element element;

    if (!stint_posix_der_expect(from, DER_INTEGER, &element)) {
        return false;
    }
    *number = element.content;
    while (number->left > 0 && *number->at == 0) {
        number->at++;
        number->left--;
    }
    return number->left > 0;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 A.1.1) */
static enum stint_posix_anchor_status read_rsa(const struct reading *reading,
                                               struct stint_posix_der key)
{
    br_rsa_public_key *rsa = &reading->anchor->pkey.key.rsa;
    struct stint_posix_der_element sequence;
    struct stint_posix_der n;
    struct stint_posix_der e;

    if (!stint_posix_der_expect(&key, DER_SEQUENCE, &sequence) ||
        !read_number(&sequence.content, &n) || !read_number(&sequence.content, &e)) {
        return STINT_POSIX_ANCHOR_DAMAGED;
    }
    if (n.left > RSA_MAX_OCTETS) {
        return STINT_POSIX_ANCHOR_UNUSABLE;
    }
    reading->anchor->pkey.key_type = BR_KEYTYPE_RSA;
    rsa->n = writable(reading, n.at);
    rsa->nlen = n.left;
    rsa->e = writable(reading, e.at);
    rsa->elen = e.left;
    return STINT_POSIX_ANCHOR_READ;
}

/* The parameters name the curve (RFC 5480 2.1.1). Returns 0 for one that BearSSL does not know. */
static int read_curve(struct stint_posix_der parameters)
{
    struct stint_posix_der_element oid;

    if (!stint_posix_der_expect(&parameters, DER_OID, &oid)) {
        return 0;
    }
    if (IS(oid, "\x2A\x86\x48\xCE\x3D\x03\x01\x07")) {
        return BR_EC_secp256r1;
    }
    if (IS(oid, "\x2B\x81\x04\x00\x22")) {
        return BR_EC_secp384r1;
    }
    return IS(oid, "\x2B\x81\x04\x00\x23") ? BR_EC_secp521r1 : 0;
}

static enum stint_posix_anchor_status read_ec(const struct reading *reading,
                                              struct stint_posix_der parameters,
                                              struct stint_posix_der point)
{
    br_ec_public_key *ec = &reading->anchor->pkey.key.ec;
    int curve = read_curve(parameters);

    if (curve == 0) {
        return STINT_POSIX_ANCHOR_UNUSABLE;
    }
    reading->anchor->pkey.key_type = BR_KEYTYPE_EC;
    ec->curve = curve;
    ec->q = writable(reading, point.at);
    ec->qlen = point.left;
    return STINT_POSIX_ANCHOR_READ;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm SEQUENCE { OID, parameters }, BIT STRING } */
static enum stint_posix_anchor_status read_key(const struct reading *reading,
                                               struct stint_posix_der info)
{
    struct stint_posix_der_element algorithm;
    struct stint_posix_der_element oid;
    struct stint_posix_der_element key;

    if (!stint_posix_der_expect(&info, DER_SEQUENCE, &algorithm) ||
        !stint_posix_der_expect(&algorithm.content, DER_OID, &oid) ||
        !stint_posix_der_expect(&info, DER_BIT_STRING, &key) || key.content.left == 0 ||
        *key.content.at != 0) {
        return STINT_POSIX_ANCHOR_DAMAGED;
    }
    key.content.at++;
    key.content.left--;
    if (IS(oid, OID_RSA)) {
        return read_rsa(reading, key.content);
    }
    if (IS(oid, OID_EC)) {
        return read_ec(reading, algorithm.content, key.content);
    }
    return STINT_POSIX_ANCHOR_UNUSABLE;
}

/* Extension ::= SEQUENCE { extnID OID, critical BOOLEAN OPTIONAL, extnValue OCTET STRING }, and in
 * the value SEQUENCE { cA BOOLEAN DEFAULT FALSE, ... } */
static void read_extension(const struct reading *reading, struct stint_posix_der extension)
{
    struct stint_posix_der_element id;
    struct stint_posix_der_element value;
    struct stint_posix_der_element constraints;
    struct stint_posix_der_element is_ca;

    if (!stint_posix_der_expect(&extension, DER_OID, &id) || !IS(id, OID_BASIC_CONSTRAINTS) ||
        !stint_posix_der_next(&extension, &value) ||
        (value.tag == DER_BOOLEAN && !stint_posix_der_next(&extension, &value)) ||
        value.tag != DER_OCTET_STRING) {
        return;
    }
    if (stint_posix_der_expect(&value.content, DER_SEQUENCE, &constraints) &&
        stint_posix_der_expect(&constraints.content, DER_BOOLEAN, &is_ca) &&
        is_ca.content.left == 1 && *is_ca.content.at != 0) {
        reading->anchor->flags = BR_X509_TA_CA;
    }
}

static void read_extensions(const struct reading *reading, struct stint_posix_der tbs)
{
    struct stint_posix_der_element element;
    struct stint_posix_der_element list;
    struct stint_posix_der_element extension;

    while (stint_posix_der_next(&tbs, &element)) {
        if (element.tag == TAG_EXTENSIONS &&
            stint_posix_der_expect(&element.content, DER_SEQUENCE, &list)) {
            while (stint_posix_der_expect(&list.content, DER_SEQUENCE, &extension)) {
                read_extension(reading, extension.content);
            }
        }
    }
}

/* TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
 * subjectPublicKeyInfo, ..., [3] extensions } */
static enum stint_posix_anchor_status read_tbs(const struct reading *reading,
                                               struct stint_posix_der tbs)
{
    struct stint_posix_der_element element;

    if (!stint_posix_der_next(&tbs, &element) ||
        (element.tag == TAG_VERSION && !stint_posix_der_next(&tbs, &element)) ||
        element.tag != DER_INTEGER) {
        return STINT_POSIX_ANCHOR_DAMAGED;
    }
    for (int i = 0; i < 4; i++) { /* the last is the subject */
        if (!stint_posix_der_expect(&tbs, DER_SEQUENCE, &element)) {
            return STINT_POSIX_ANCHOR_DAMAGED;
        }
    }
    reading->anchor->dn.data = writable(reading, element.start);
    reading->anchor->dn.len = element.length;
    if (!stint_posix_der_expect(&tbs, DER_SEQUENCE, &element)) {
        return STINT_POSIX_ANCHOR_DAMAGED;
    }
    read_extensions(reading, tbs);
    return read_key(reading, element.content);
}

/* Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature BIT STRING } */
enum stint_posix_anchor_status stint_posix_anchor_read(br_x509_trust_anchor *anchor, uint8_t *der,
                                                       size_t length)
{
    static const br_x509_trust_anchor none;
    const struct reading reading = {der, der, anchor};
    struct stint_posix_der all = {der, length};
    struct stint_posix_der_element certificate;
    struct stint_posix_der_element tbs;
    struct stint_posix_der_element element;

    *anchor = none;
    if (!stint_posix_der_expect(&all, DER_SEQUENCE, &certificate) || all.left > 0 ||
        !stint_posix_der_expect(&certificate.content, DER_SEQUENCE, &tbs) ||
        !stint_posix_der_expect(&certificate.content, DER_SEQUENCE, &element) ||
        !stint_posix_der_expect(&certificate.content, DER_BIT_STRING, &element) ||
        certificate.content.left > 0) {
        return STINT_POSIX_ANCHOR_DAMAGED;
    }
    return read_tbs(&reading, tbs.content);
}
