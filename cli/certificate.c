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

static struct slice whole(const struct stint_posix_der_element *element)
{
    return (struct slice){element->start, element->length};
}

/* UTCTime has two digits of the year: 50 and up are 19yy (RFC 5280 4.1.2.5.1). */
static void read_time(const struct stint_posix_der_element *element, char *time)
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

static bool read_validity(struct certificate *certificate, struct stint_posix_der validity)
{
    struct stint_posix_der_element time;

    if (!stint_posix_der_next(&validity, &time)) {
        return false;
    }
    read_time(&time, certificate->not_before);
    if (!stint_posix_der_next(&validity, &time)) {
        return false;
    }
    read_time(&time, certificate->not_after);
    return true;
}

/* Extension ::= SEQUENCE { extnID OID, critical BOOLEAN OPTIONAL, extnValue OCTET STRING } */
static void read_extension(struct certificate *certificate, struct stint_posix_der extension)
{
    static const char subject_alt_name[] = "\x55\x1D\x11";
    struct stint_posix_der_element id;
    struct stint_posix_der_element value;
    struct stint_posix_der_element names;

    if (!stint_posix_der_expect(&extension, DER_OID, &id) ||
        !stint_posix_der_next(&extension, &value)) {
        return;
    }
    if (value.tag == DER_BOOLEAN && !stint_posix_der_next(&extension, &value)) {
        return;
    }
    if (stint_posix_der_is(&id, subject_alt_name, 3) && value.tag == DER_OCTET_STRING &&
        stint_posix_der_expect(&value.content, DER_SEQUENCE, &names)) {
        certificate->names = (struct slice){names.content.at, names.content.left};
    }
}

static void read_extensions(struct certificate *certificate, struct stint_posix_der tbs)
{
    struct stint_posix_der_element element;
    struct stint_posix_der_element list;
    struct stint_posix_der_element extension;

    while (stint_posix_der_next(&tbs, &element)) {
        if (element.tag == TAG_EXTENSIONS &&
            stint_posix_der_expect(&element.content, DER_SEQUENCE, &list)) {
            while (stint_posix_der_expect(&list.content, DER_SEQUENCE, &extension)) {
                read_extension(certificate, extension.content);
            }
        }
    }
}

/* TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
 * subjectPublicKeyInfo, ..., [3] extensions } */
static bool read_tbs(struct certificate *certificate, struct stint_posix_der tbs)
{
    struct stint_posix_der_element element;

    if (!stint_posix_der_next(&tbs, &element) ||
        (element.tag == TAG_VERSION && !stint_posix_der_next(&tbs, &element)) ||
        !stint_posix_der_expect(&tbs, DER_SEQUENCE, &element) ||
        !stint_posix_der_expect(&tbs, DER_SEQUENCE, &element)) {
        return false;
    }
    certificate->issuer = whole(&element);
    if (!stint_posix_der_expect(&tbs, DER_SEQUENCE, &element) ||
        !read_validity(certificate, element.content) ||
        !stint_posix_der_expect(&tbs, DER_SEQUENCE, &element)) {
        return false;
    }
    certificate->subject = whole(&element);
    if (!stint_posix_der_expect(&tbs, DER_SEQUENCE, &element)) {
        return false;
    }
    certificate->key_info = whole(&element);
    read_extensions(certificate, tbs);
    return true;
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OID, parameters } */
static bool read_signature(struct certificate *certificate, struct stint_posix_der *from)
{
    struct stint_posix_der_element algorithm;
    struct stint_posix_der_element oid;

    if (!stint_posix_der_expect(from, DER_SEQUENCE, &algorithm) ||
        !stint_posix_der_expect(&algorithm.content, DER_OID, &oid)) {
        return false;
    }
    certificate->signature = (struct slice){oid.content.at, oid.content.left};
    return true;
}

bool certificate_read(struct certificate *certificate, const uint8_t *der, size_t length)
{
    struct stint_posix_der all = {der, length};
    struct stint_posix_der_element outer;
    struct stint_posix_der_element tbs;

    memset(certificate, 0, sizeof *certificate);
    certificate->whole = (struct slice){der, length};
    return stint_posix_der_expect(&all, DER_SEQUENCE, &outer) &&
           stint_posix_der_expect(&outer.content, DER_SEQUENCE, &tbs) &&
           read_tbs(certificate, tbs.content) && read_signature(certificate, &outer.content);
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
void certificate_print_key(FILE *stream, const struct certificate *certificate)
{
    br_x509_decoder_context decoder;
    const br_x509_pkey *key;

    br_x509_decoder_init(&decoder, NULL, NULL);
    br_x509_decoder_push(&decoder, certificate->whole.octets, certificate->whole.length);
    key = br_x509_decoder_get_pkey(&decoder);
    if (key != NULL && key->key_type == BR_KEYTYPE_RSA) {
        fprintf(stream, "RSA %u bits", bit_length(key->key.rsa.n, key->key.rsa.nlen));
    } else if (key != NULL && key->key_type == BR_KEYTYPE_EC) {
        fprintf(stream, "EC %s", tls_curve_name(key->key.ec.curve));
    } else {
        fputs("not one that BearSSL can use", stream);
    }
}

/* RFC 8017 A.2.4, RFC 5758 3.2, RFC 8410 3 */
void certificate_print_signature(FILE *stream, const struct certificate *certificate)
{
    static const struct {
        const char *octets;
        size_t length;
        const char *name;
    } names[] = {
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x05", 9, "RSA, SHA-1"},
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A", 9, "RSA-PSS"},
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B", 9, "RSA, SHA-256"},
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C", 9, "RSA, SHA-384"},
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D", 9, "RSA, SHA-512"},
        {"\x2A\x86\x48\xCE\x3D\x04\x01", 7, "ECDSA, SHA-1"},
        {"\x2A\x86\x48\xCE\x3D\x04\x03\x02", 8, "ECDSA, SHA-256"},
        {"\x2A\x86\x48\xCE\x3D\x04\x03\x03", 8, "ECDSA, SHA-384"},
        {"\x2A\x86\x48\xCE\x3D\x04\x03\x04", 8, "ECDSA, SHA-512"},
        {"\x2B\x65\x70", 3, "Ed25519"},
    };
    const struct slice *oid = &certificate->signature;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (oid->length == names[i].length &&
            memcmp(oid->octets, names[i].octets, oid->length) == 0) {
            fputs(names[i].name, stream);
            return;
        }
    }
    fputc('?', stream);
}

static const char *attribute_name(const struct stint_posix_der_element *oid)
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
        if (stint_posix_der_is(oid, names[i].octets, names[i].length)) {
            return names[i].name;
        }
    }
    return "?";
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value } */
void certificate_print_name(FILE *stream, struct slice name)
{
    struct stint_posix_der all = {name.octets, name.length};
    struct stint_posix_der_element sequence;
    struct stint_posix_der_element set;
    struct stint_posix_der_element attribute;
    struct stint_posix_der_element type;
    struct stint_posix_der_element value;
    const char *separator = "";

    if (!stint_posix_der_expect(&all, DER_SEQUENCE, &sequence)) {
        return;
    }
    while (stint_posix_der_expect(&sequence.content, DER_SET, &set)) {
        while (stint_posix_der_expect(&set.content, DER_SEQUENCE, &attribute) &&
               stint_posix_der_expect(&attribute.content, DER_OID, &type) &&
               stint_posix_der_next(&attribute.content, &value)) {
            fprintf(stream, "%s%s=", separator, attribute_name(&type));
            print_octets(stream, value.content.at, value.content.left);
            separator = ", ";
        }
    }
    if (*separator == '\0') {
        fputs("(no name)", stream);
    }
}

void certificate_write_name(char *text, size_t room, struct slice name)
{
    FILE *stream = fmemopen(text, room, "w");

    if (stream != NULL) {
        setbuf(stream, NULL); /* what does not fit is cut off, and the rest not lost with it */
        certificate_print_name(stream, name);
        fclose(stream);
    }
    text[room - 1] = '\0';
}

static void print_alternative(FILE *stream, const struct stint_posix_der_element *name)
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
    struct stint_posix_der all = {names.octets, names.length};
    struct stint_posix_der_element name;

    while (stint_posix_der_next(&all, &name)) {
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
