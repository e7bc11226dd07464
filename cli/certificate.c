/* SPDX-License-Identifier: MIT */
#include "certificate.h"

#include "der.h"
#include "print.h"
#include "tls_names.h"

#include <arpa/inet.h>
#include <bearssl.h>
#include <string.h>

#define TAG_VERSION    0xA0
#define TAG_EXTENSIONS 0xA3
#define TAG_DNS_NAME   0x82
#define TAG_IP_ADDRESS 0x87

static bool equals(struct der content, const char *octets, size_t length)
{
    return content.left == length && memcmp(content.at, octets, length) == 0;
}

static struct slice whole(const struct der_element *element)
{
    return (struct slice){element->start, element->length};
}

/* UTCTime has two digits of the year: 50 and up are 19yy (RFC 5280 4.1.2.5.1). */
static void read_time(const struct der_element *element, char *time)
{
    const char *digits = (const char *)element->content.at;
    size_t length = element->content.left;
    size_t i;

    for (i = 0; i + 1 < length && digits[i] >= '0' && digits[i] <= '9'; i++) {
        continue;
    }
    if (i + 1 != length || digits[i] != 'Z') {
        return;
    }
    if (element->tag == DER_UTC_TIME && i == 12) {
        memcpy(time, digits[0] >= '5' ? "19" : "20", 2);
        memcpy(time + 2, digits, i);
    } else if (element->tag == DER_GENERALIZED_TIME && i == 14) {
        memcpy(time, digits, i);
    }
}

static bool read_validity(struct certificate *certificate, struct der validity)
{
    struct der_element time;

    if (!der_next(&validity, &time)) {
        return false;
    }
    read_time(&time, certificate->not_before);
    if (!der_next(&validity, &time)) {
        return false;
    }
    read_time(&time, certificate->not_after);
    return true;
}

/* Extension ::= SEQUENCE { extnID OID, critical BOOLEAN OPTIONAL, extnValue OCTET STRING } */
static void read_extension(struct certificate *certificate, struct der extension)
{
    static const char subject_alt_name[] = "\x55\x1D\x11";
    struct der_element id;
    struct der_element value;
    struct der_element names;

    if (!der_expect(&extension, DER_OID, &id) || !der_next(&extension, &value)) {
        return;
    }
    if (value.tag == DER_BOOLEAN && !der_next(&extension, &value)) {
        return;
    }
    if (equals(id.content, subject_alt_name, 3) && value.tag == DER_OCTET_STRING &&
        der_expect(&value.content, DER_SEQUENCE, &names)) {
        certificate->names = (struct slice){names.content.at, names.content.left};
    }
}

static void read_extensions(struct certificate *certificate, struct der tbs)
{
    struct der_element element;
    struct der_element list;
    struct der_element extension;

    while (der_next(&tbs, &element)) {
        if (element.tag == TAG_EXTENSIONS && der_expect(&element.content, DER_SEQUENCE, &list)) {
            while (der_expect(&list.content, DER_SEQUENCE, &extension)) {
                read_extension(certificate, extension.content);
            }
        }
    }
}

static unsigned bit_length(const uint8_t *number, size_t length)
{
    unsigned bits;

    while (length > 0 && *number == 0) {
        number++;
        length--;
    }
    bits = (unsigned)(8 * length);
    for (unsigned top = length > 0 ? *number : 0x80; top < 0x80; top <<= 1) {
        bits--;
    }
    return bits;
}

/* BearSSL decides what the key is: it is the one that must use it. */
static void read_key(struct certificate *certificate, const uint8_t *der, size_t length)
{
    br_x509_decoder_context decoder;
    const br_x509_pkey *key;

    br_x509_decoder_init(&decoder, NULL, NULL);
    br_x509_decoder_push(&decoder, der, length);
    key = br_x509_decoder_get_pkey(&decoder);
    if (key != NULL && key->key_type == BR_KEYTYPE_RSA) {
        snprintf(certificate->key, sizeof certificate->key, "RSA %u bits",
                 bit_length(key->key.rsa.n, key->key.rsa.nlen));
    } else if (key != NULL && key->key_type == BR_KEYTYPE_EC) {
        snprintf(certificate->key, sizeof certificate->key, "EC %s",
                 tls_curve_name(key->key.ec.curve));
    } else {
        snprintf(certificate->key, sizeof certificate->key, "not one that BearSSL can use");
    }
}

/* TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
 * subjectPublicKeyInfo, ..., [3] extensions } */
static bool read_tbs(struct certificate *certificate, struct der tbs)
{
    struct der_element element;

    if (!der_next(&tbs, &element) || (element.tag == TAG_VERSION && !der_next(&tbs, &element)) ||
        !der_expect(&tbs, DER_SEQUENCE, &element) || !der_expect(&tbs, DER_SEQUENCE, &element)) {
        return false;
    }
    certificate->issuer = whole(&element);
    if (!der_expect(&tbs, DER_SEQUENCE, &element) || !read_validity(certificate, element.content) ||
        !der_expect(&tbs, DER_SEQUENCE, &element)) {
        return false;
    }
    certificate->subject = whole(&element);
    if (!der_expect(&tbs, DER_SEQUENCE, &element)) {
        return false;
    }
    certificate->key_info = whole(&element);
    read_extensions(certificate, tbs);
    return true;
}

bool certificate_read(struct certificate *certificate, const uint8_t *der, size_t length)
{
    struct der all = {der, length};
    struct der_element outer;
    struct der_element tbs;

    memset(certificate, 0, sizeof *certificate);
    if (!der_expect(&all, DER_SEQUENCE, &outer) ||
        !der_expect(&outer.content, DER_SEQUENCE, &tbs) || !read_tbs(certificate, tbs.content)) {
        return false;
    }
    read_key(certificate, der, length);
    return true;
}

static const char *attribute_name(struct der oid)
{
    static const struct {
        const char *octets;
        size_t length;
        const char *name;
    } names[] = {
        {"\x55\x04\x03", 3, "CN"},
        {"\x55\x04\x05", 3, "serialNumber"},
        {"\x55\x04\x06", 3, "C"},
        {"\x55\x04\x07", 3, "L"},
        {"\x55\x04\x08", 3, "ST"},
        {"\x55\x04\x0A", 3, "O"},
        {"\x55\x04\x0B", 3, "OU"},
        {"\x55\x04\x61", 3, "organizationIdentifier"},
        {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x19", 10, "DC"},
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01", 9, "emailAddress"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (equals(oid, names[i].octets, names[i].length)) {
            return names[i].name;
        }
    }
    return "?";
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value } */
void certificate_print_name(FILE *stream, struct slice name)
{
    struct der all = {name.octets, name.length};
    struct der_element sequence;
    struct der_element set;
    struct der_element attribute;
    struct der_element type;
    struct der_element value;
    const char *separator = "";

    if (!der_expect(&all, DER_SEQUENCE, &sequence)) {
        return;
    }
    while (der_expect(&sequence.content, DER_SET, &set)) {
        while (der_expect(&set.content, DER_SEQUENCE, &attribute) &&
               der_expect(&attribute.content, DER_OID, &type) &&
               der_next(&attribute.content, &value)) {
            fprintf(stream, "%s%s=", separator, attribute_name(type.content));
            print_octets(stream, value.content.at, value.content.left);
            separator = ", ";
        }
    }
    if (*separator == '\0') {
        fputs("(no name)", stream);
    }
}

static void print_alternative(FILE *stream, const struct der_element *name)
{
    char address[INET6_ADDRSTRLEN];

    if (name->tag == TAG_DNS_NAME) {
        fputc(' ', stream);
        print_octets(stream, name->content.at, name->content.left);
    } else if (name->tag == TAG_IP_ADDRESS &&
               (name->content.left == 4 || name->content.left == 16)) {
        inet_ntop(name->content.left == 4 ? AF_INET : AF_INET6, name->content.at, address,
                  sizeof address);
        fprintf(stream, " %s", address);
    }
}

void certificate_print_alternatives(FILE *stream, struct slice names)
{
    struct der all = {names.octets, names.length};
    struct der_element name;

    while (der_next(&all, &name)) {
        print_alternative(stream, &name);
    }
}

void certificate_write_time(char *text, const char *time)
{
    if (*time == '\0') {
        strcpy(text, "(unreadable)");
    } else {
        snprintf(text, CERTIFICATE_TIME_OCTETS, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", time, time + 4,
                 time + 6, time + 8, time + 10, time + 12);
    }
}
