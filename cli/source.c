/* SPDX-License-Identifier: MIT */
#include "source.h"

#include "pin.h"

#include <stdlib.h>
#include <string.h>

/* On 32-bit targets; the octets that they point to come on top, unpadded with -Os. */
#define ANCHOR_OCTETS 32 /* sizeof (br_x509_trust_anchor) */
#define COUNT_OCTETS  4  /* sizeof (size_t) */

static size_t flash_octets(const br_x509_trust_anchor *anchor)
{
    const br_x509_pkey *key = &anchor->pkey;
    size_t key_octets =
        key->key_type == BR_KEYTYPE_EC ? key->key.ec.qlen : key->key.rsa.nlen + key->key.rsa.elen;

    return ANCHOR_OCTETS + anchor->dn.len + key_octets;
}

static size_t flash_octets_of_all(const struct source *source)
{
    size_t octets = 0;

    for (size_t i = 0; i < source->roots->count; i++) {
        octets += flash_octets(&source->roots->all[i].anchor);
    }
    octets += octets > 0 ? COUNT_OCTETS : 0;
    return source->pin_count == 0
               ? octets
               : octets + STINT_TLS_PIN_OCTETS * source->pin_count + COUNT_OCTETS;
}

/* ---- Comments ---- */

/* A name in a certificate may hold what ends a comment, or what compilers warn of in one. */
static void write_comment_line(FILE *stream, const char *text, size_t length)
{
    fputs(length > 0 ? " * " : " *", stream);
    for (size_t i = 0; i < length; i++) {
        char before = i > 0 ? text[i - 1] : ' ';

        if ((text[i] == '/' && before == '*') || (text[i] == '*' && before == '/') ||
            (text[i] == '?' && before == '?')) {
            fputc(' ', stream);
        }
        fputc(text[i], stream);
    }
    fputc('\n', stream);
}

static void write_comment(FILE *stream, const char *text)
{
    fputs("/*\n", stream);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        write_comment_line(stream, text, length);
        text += length + (text[length] == '\n');
    }
    fputs(" */\n", stream);
}

static void print_digest(FILE *stream, const struct root *root)
{
    uint8_t digest[br_sha256_SIZE];
    br_sha256_context context;

    br_sha256_init(&context);
    br_sha256_update(&context, root->der, root->length);
    br_sha256_out(&context, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        fprintf(stream, "%02x", digest[i]);
    }
}

static void print_facts(FILE *stream, const struct root *root)
{
    char not_after[CERTIFICATE_TIME_OCTETS];

    certificate_write_time(not_after, root->certificate.not_after);
    certificate_print_name(stream, root->certificate.subject);
    fputs("\nkey        ", stream);
    certificate_print_key(stream, &root->certificate);
    fprintf(stream, "%s\nnot after  %s UTC\nSHA-256    ",
            root->anchor.flags == BR_X509_TA_CA ? "" : ", a server's own", not_after);
    print_digest(stream, root);
    fprintf(stream, "\nflash      %zu octets\n", flash_octets(&root->anchor));
}

static void write_facts(FILE *stream, const struct root *root)
{
    char *text = NULL;
    size_t length;
    FILE *facts = open_memstream(&text, &length);

    if (facts == NULL) {
        return; /* a comment less; and then there is no memory for the rest either */
    }
    print_facts(facts, root);
    fclose(facts);
    write_comment(stream, text);
    free(text);
}

/* ---- Anchors ---- */

static void write_octets(FILE *stream, const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        fprintf(stream, "%s0x%02X,", i % 12 == 0 ? "\n    " : " ", octets[i]);
    }
}

static void write_array(FILE *stream, const char *name, size_t number, const char *part,
                        const uint8_t *octets, size_t length)
{
    fprintf(stream, "static const unsigned char %s_%zu_%s[] = {", name, number, part);
    write_octets(stream, octets, length);
    fputs("\n};\n", stream);
}

static void write_parts(FILE *stream, const char *name, size_t number, const struct root *root)
{
    const br_x509_trust_anchor *anchor = &root->anchor;
    const br_x509_pkey *key = &anchor->pkey;

    fputc('\n', stream);
    write_facts(stream, root);
    write_array(stream, name, number, "dn", anchor->dn.data, anchor->dn.len);
    if (key->key_type == BR_KEYTYPE_RSA) {
        write_array(stream, name, number, "n", key->key.rsa.n, key->key.rsa.nlen);
        write_array(stream, name, number, "e", key->key.rsa.e, key->key.rsa.elen);
    } else {
        write_array(stream, name, number, "q", key->key.ec.q, key->key.ec.qlen);
    }
}

static void write_reference(FILE *stream, const char *name, size_t number, const char *part)
{
    fprintf(stream, "(unsigned char *)%s_%zu_%s, sizeof %s_%zu_%s", name, number, part, name,
            number, part);
}

static const char *curve_macro(int curve)
{
    switch (curve) {
    case BR_EC_secp256r1: return "BR_EC_secp256r1";
    case BR_EC_secp384r1: return "BR_EC_secp384r1";
    default: return "BR_EC_secp521r1";
    }
}

static void write_anchor(FILE *stream, const char *name, size_t number,
                         const br_x509_trust_anchor *anchor)
{
    fputs("    {{", stream);
    write_reference(stream, name, number, "dn");
    fprintf(stream, "},\n     %s,\n     ", anchor->flags == BR_X509_TA_CA ? "BR_X509_TA_CA" : "0");
    if (anchor->pkey.key_type == BR_KEYTYPE_RSA) {
        fputs("{BR_KEYTYPE_RSA, {.rsa = {", stream);
        write_reference(stream, name, number, "n");
        fputs(",\n                               ", stream);
        write_reference(stream, name, number, "e");
    } else {
        fprintf(stream, "{BR_KEYTYPE_EC, {.ec = {%s, ", curve_macro(anchor->pkey.key.ec.curve));
        write_reference(stream, name, number, "q");
    }
    fputs("}}}},\n", stream);
}

static void write_anchors(FILE *stream, const struct source *source)
{
    const struct roots *roots = source->roots;

    fprintf(stream, "\nextern const br_x509_trust_anchor %s[];\nextern const size_t %s_count;\n",
            source->name, source->name);
    for (size_t i = 0; i < roots->count; i++) {
        write_parts(stream, source->name, i + 1, &roots->all[i]);
    }
    fprintf(stream,
            "\n/* BearSSL's type is older than const: nothing is written to. */\n"
            "const br_x509_trust_anchor %s[] = {\n",
            source->name);
    for (size_t i = 0; i < roots->count; i++) {
        write_anchor(stream, source->name, i + 1, &roots->all[i].anchor);
    }
    fprintf(stream, "};\nconst size_t %s_count = %zu;\n", source->name, roots->count);
}

/* ---- Pins ---- */

static void write_pins(FILE *stream, const struct source *source)
{
    fprintf(stream,
            "\nextern const uint8_t %s_pins[][%d];\nextern const size_t %s_pins_count;\n\n"
            "const uint8_t %s_pins[][%d] = {\n",
            source->name, STINT_TLS_PIN_OCTETS, source->name, source->name, STINT_TLS_PIN_OCTETS);
    for (size_t i = 0; i < source->pin_count; i++) {
        char text[PIN_TEXT_OCTETS];

        pin_write(source->pins[i], text);
        fprintf(stream, "    /* %s */\n    {", text);
        write_octets(stream, source->pins[i], STINT_TLS_PIN_OCTETS);
        fputs("\n    },\n", stream);
    }
    fprintf(stream, "};\nconst size_t %s_pins_count = %zu;\n", source->name, source->pin_count);
}

void source_write(FILE *stream, const struct source *source)
{
    fputs("/* For struct stint_tls; written by `stint anchors`. */\n", stream);
    if (*source->report != '\0') {
        write_comment(stream, source->report);
    }
    fputs(source->roots->count > 0 ? "#include <bearssl.h>\n" : "", stream);
    fputs("#include <stddef.h>\n", stream);
    fputs(source->pin_count > 0 ? "#include <stdint.h>\n" : "", stream);
    if (source->roots->count > 0) {
        write_anchors(stream, source);
    }
    if (source->pin_count > 0) {
        write_pins(stream, source);
    }
}

void source_write_table(FILE *stream, const struct source *source)
{
    const struct roots *roots = source->roots;

    for (size_t i = 0; i < roots->count; i++) {
        fprintf(stream, "%6zu octets  to %.4s  ", flash_octets(&roots->all[i].anchor),
                roots->all[i].certificate.not_after);
        certificate_print_key(stream, &roots->all[i].certificate);
        fputs("  ", stream);
        certificate_print_name(stream, roots->all[i].certificate.subject);
        fputc('\n', stream);
    }
    fprintf(stream, "%6zu octets  in flash for %zu anchor%s", flash_octets_of_all(source),
            roots->count, roots->count == 1 ? "" : "s");
    if (source->pin_count > 0) {
        fprintf(stream, " and %zu pin%s", source->pin_count, source->pin_count == 1 ? "" : "s");
    }
    fputc('\n', stream);
}
