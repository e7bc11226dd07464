/* SPDX-License-Identifier: MIT */

/*
 * verify_chain ANCHORS HOST clock|floor SECONDS fast|small [CERTIFICATE]...
 *
 * The judge of certificates by itself, with no TLS around it. It is given the chain - DER files,
 * the server's first - as BearSSL's handshake gives it, whole and in pieces of several sizes, and
 * must come to one judgement. Prints that: BR_ERR_X509_*, or 0; and, if 0, what the key may be used
 * for, of "exchange" and "signature".
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stint_posix.h"
#include "tls/verify.h"

#define CHAIN_MAX 16

struct octets {
    uint8_t *at;
    size_t length;
};

static struct octets chain[CHAIN_MAX];
static size_t chain_length;
static struct stint_tls tls;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "verify_chain: %s: %s\n", what, why);
    exit(2);
}

static void *allocate(size_t length)
{
    void *memory = malloc(length);

    if (memory == NULL) {
        die("malloc", "out of memory");
    }
    return memory;
}

static struct octets read_file(const char *path)
{
    struct octets content = {allocate(65536), 0};
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        die(path, "cannot be read");
    }
    content.length = fread(content.at, 1, 65536, file);
    if (ferror(file) || !feof(file)) {
        die(path, "cannot be read, or is too large");
    }
    fclose(file);
    return content;
}

/* In memory of its own, so that a look past its end is seen. */
static void append_piece(const br_x509_class **class, const uint8_t *octets, size_t length)
{
    uint8_t *piece = allocate(length);

    memcpy(piece, octets, length);
    (*class)->append(class, piece, length);
    free(piece);
}

static void give_certificate(const br_x509_class **class, struct octets certificate, size_t piece)
{
    size_t offset;
    size_t n;

    (*class)->start_cert(class, (uint32_t)certificate.length);
    for (offset = 0; offset < certificate.length; offset += n) {
        n = certificate.length - offset < piece ? certificate.length - offset : piece;
        append_piece(class, certificate.at + offset, n);
    }
    (*class)->end_cert(class);
}

/* As stint_tls_start prepares it. */
static unsigned judge(const char *host, size_t piece)
{
    const br_x509_class **class = &tls.verify.vtable;
    size_t i;

    br_ssl_client_zero(&tls.client);
    br_x509_minimal_init(&tls.verify.memory.minimal, &br_sha256_vtable, tls.anchors,
                         tls.anchor_count);
    tls.profile(&tls.client, &tls.verify.memory.minimal);
    stint_verify_start(&tls.verify, &tls, host);
    (*class)->start_chain(class, host);
    for (i = 0; i < chain_length; i++) {
        give_certificate(class, chain[i], piece);
    }
    return (*class)->end_chain(class);
}

/* First for a host that no chain names, in memory that held something else: what is left of either
 * would be seen. */
static unsigned judge_in_pieces(const char *host)
{
    static const size_t pieces[] = {1, 2, 3, 7, 64, 100, 128};
    unsigned error;
    size_t i;

    memset(&tls.verify, 1, sizeof tls.verify);
    if (judge("another.invalid", 65536) == 0) {
        die("another.invalid", "the chain is good for it");
    }
    error = judge(host, 65536);
    for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        if (judge(host, pieces[i]) != error) {
            die(host, "another judgement in other pieces");
        }
    }
    return error;
}

static void print_judgement(unsigned error)
{
    const br_x509_class *const *class = &tls.verify.vtable;
    unsigned usages = 0;

    printf("%u", error);
    if (error == 0 && (*class)->get_pkey(class, &usages) == NULL) {
        die("get_pkey", "no key of a chain that is good");
    }
    printf("%s%s\n", (usages & BR_KEYTYPE_KEYX) != 0 ? " exchange" : "",
           (usages & BR_KEYTYPE_SIGN) != 0 ? " signature" : "");
}

int main(int argc, char **argv)
{
    struct stint_posix_anchors anchors;
    char why[256];
    char *host;
    int i;

    if (argc < 6 || argc > 6 + CHAIN_MAX) {
        die("usage", "ANCHORS HOST clock|floor SECONDS fast|small [CERTIFICATE]...");
    }
    if (stint_posix_anchors_load(&anchors, argv[1], why, sizeof why) < 0) {
        die("anchors", why);
    }
    tls.anchors = anchors.anchors;
    tls.anchor_count = anchors.count;
    *(strcmp(argv[3], "clock") == 0 ? &tls.unix_time : &tls.floor_time) =
        strtoull(argv[4], NULL, 10);
    tls.profile = strcmp(argv[5], "fast") == 0 ? stint_tls_profile_fast : stint_tls_profile_small;
    for (i = 6; i < argc; i++) {
        chain[chain_length++] = read_file(argv[i]);
    }
    host = allocate(strlen(argv[2]) + 1); /* here, too, a look past the end is seen */
    strcpy(host, argv[2]);
    print_judgement(judge_in_pieces(host));
    free(host);
    while (chain_length > 0) {
        free(chain[--chain_length].at);
    }
    stint_posix_anchors_free(&anchors);
    return 0;
}
