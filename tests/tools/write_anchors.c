/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

/*
 * write_anchors FILE NAME: print the certificates of a PEM file as trust anchors in C, for
 * firmware: the array NAME, and its length NAME_count.
 */

#include <stdio.h>
#include <stdlib.h>

#include "stint_posix.h"

static void write_octets(const char *what, size_t number, const unsigned char *octets,
                         size_t length)
{
    printf("static const unsigned char %s_%zu[] = {", what, number);
    for (size_t i = 0; i < length; i++) {
        printf("%s0x%02X,", i % 16 == 0 ? "\n    " : " ", octets[i]);
    }
    printf("\n};\n");
}

static void write_parts(const br_x509_trust_anchor *anchor, size_t number)
{
    write_octets("name", number, anchor->dn.data, anchor->dn.len);
    if (anchor->pkey.key_type == BR_KEYTYPE_RSA) {
        write_octets("n", number, anchor->pkey.key.rsa.n, anchor->pkey.key.rsa.nlen);
        write_octets("e", number, anchor->pkey.key.rsa.e, anchor->pkey.key.rsa.elen);
    } else {
        write_octets("q", number, anchor->pkey.key.ec.q, anchor->pkey.key.ec.qlen);
    }
}

/* BearSSL writes to nothing that an anchor points to; its types are older than const. */
static void write_anchor(const br_x509_trust_anchor *anchor, size_t number)
{
    printf("    {{(unsigned char *)name_%zu, sizeof name_%zu}, %u, ", number, number,
           anchor->flags);
    if (anchor->pkey.key_type == BR_KEYTYPE_RSA) {
        printf("{BR_KEYTYPE_RSA, {.rsa = {(unsigned char *)n_%zu, sizeof n_%zu,\n"
               "        (unsigned char *)e_%zu, sizeof e_%zu}}}},\n",
               number, number, number, number);
    } else {
        printf("{BR_KEYTYPE_EC, {.ec = {%d, (unsigned char *)q_%zu, sizeof q_%zu}}}},\n",
               anchor->pkey.key.ec.curve, number, number);
    }
}

int main(int argc, char **argv)
{
    struct stint_posix_anchors anchors = {0};
    char why[256];

    if (argc != 3) {
        fprintf(stderr, "usage: write_anchors FILE NAME\n");
        return EXIT_FAILURE;
    }
    if (stint_posix_anchors_load(&anchors, argv[1], why, sizeof why) < 0) {
        fprintf(stderr, "write_anchors: %s\n", why);
        return EXIT_FAILURE;
    }
    printf("#include <bearssl.h>\n#include <stddef.h>\n\n"
           "extern const br_x509_trust_anchor %s[];\nextern const size_t %s_count;\n\n",
           argv[2], argv[2]);
    for (size_t i = 0; i < anchors.count; i++) {
        write_parts(&anchors.anchors[i], i);
    }
    printf("\nconst br_x509_trust_anchor %s[] = {\n", argv[2]);
    for (size_t i = 0; i < anchors.count; i++) {
        write_anchor(&anchors.anchors[i], i);
    }
    printf("};\nconst size_t %s_count = %zu;\n", argv[2], anchors.count);
    stint_posix_anchors_free(&anchors);
    return EXIT_SUCCESS;
}
