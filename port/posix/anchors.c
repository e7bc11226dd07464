/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include "anchor.h"
#include "bundle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The anchors of one file. */
struct loader {
    struct stint_posix_anchors *anchors;
    size_t room; /* in anchors->anchors */
};

const char *stint_posix_system_bundle(void)
{
    static const char *const places[] = {
        "/etc/ssl/certs/ca-certificates.crt",     /* Debian, Alpine, Arch */
        "/etc/pki/tls/certs/ca-bundle.crt",       /* Fedora */
        "/etc/ssl/ca-bundle.pem",                 /* openSUSE */
        "/etc/ssl/cert.pem",                      /* OpenBSD, FreeBSD, macOS */
        "/etc/openssl/certs/ca-certificates.crt", /* NetBSD */
    };
    const char *chosen = getenv("SSL_CERT_FILE");

    if (chosen != NULL && *chosen != '\0') {
        return chosen;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], R_OK) == 0) {
            return places[i];
        }
    }
    return NULL;
}

/* Enlarge `*array` of items of `size` octets to `needed` of them, by doubling. */
static bool grow(void **array, size_t *room, size_t needed, size_t size)
{
    size_t more = *room > 0 ? *room : 16;
    void *larger;

    if (needed <= *room) {
        return true;
    }
    while (more < needed) {
        if (more > SIZE_MAX / 2 / size) {
            return false;
        }
        more *= 2;
    }
    larger = realloc(*array, more * size);
    if (larger == NULL) {
        return false;
    }
    *array = larger;
    *room = more;
    return true;
}

static bool copy(unsigned char **to, size_t *to_length, const unsigned char *from, size_t length)
{
    *to = malloc(length > 0 ? length : 1);
    if (*to == NULL) {
        return false;
    }
    memcpy(*to, from, length);
    *to_length = length;
    return true;
}

static bool copy_key(br_x509_pkey *to, const br_x509_pkey *from)
{
    to->key_type = from->key_type;
    if (from->key_type == BR_KEYTYPE_EC) {
        to->key.ec.curve = from->key.ec.curve;
        return copy(&to->key.ec.q, &to->key.ec.qlen, from->key.ec.q, from->key.ec.qlen);
    }
    return copy(&to->key.rsa.n, &to->key.rsa.nlen, from->key.rsa.n, from->key.rsa.nlen) &&
           copy(&to->key.rsa.e, &to->key.rsa.elen, from->key.rsa.e, from->key.rsa.elen);
}

static void free_anchor(br_x509_trust_anchor *anchor)
{
    free(anchor->dn.data);
    if (anchor->pkey.key_type == BR_KEYTYPE_EC) {
        free(anchor->pkey.key.ec.q);
    } else {
        free(anchor->pkey.key.rsa.n);
        free(anchor->pkey.key.rsa.e);
    }
}

static bool add_anchor(struct loader *loader, const br_x509_trust_anchor *read)
{
    static const br_x509_trust_anchor none;
    br_x509_trust_anchor anchor = none;
    void *list = loader->anchors->anchors;

    anchor.flags = read->flags;
    if (!copy(&anchor.dn.data, &anchor.dn.len, read->dn.data, read->dn.len) ||
        !copy_key(&anchor.pkey, &read->pkey) ||
        !grow(&list, &loader->room, loader->anchors->count + 1, sizeof anchor)) {
        free_anchor(&anchor);
        return false;
    }
    loader->anchors->anchors = list;
    loader->anchors->anchors[loader->anchors->count++] = anchor;
    return true;
}

static int take_certificate(struct stint_posix_bundle *bundle, void *context)
{
    const struct stint_posix_pem *pem = &bundle->pem;
    struct loader *loader = context;
    br_x509_trust_anchor anchor;

    switch (stint_posix_anchor_read(&anchor, pem->der, pem->der_length)) {
    case STINT_POSIX_ANCHOR_READ:
        return add_anchor(loader, &anchor) ? 0 : stint_posix_bundle_fail(bundle, "out of memory");
    case STINT_POSIX_ANCHOR_UNUSABLE: loader->anchors->skipped++; return 0;
    default:
        return stint_posix_bundle_fail(bundle, "line %lu: certificate %lu is damaged", pem->begins,
                                       pem->number);
    }
}

int stint_posix_anchors_load(struct stint_posix_anchors *anchors, const char *path, char *why,
                             size_t why_size)
{
    struct loader loader = {anchors, 0};
    struct stint_posix_bundle bundle = {.path = path,
                                        .why = why,
                                        .why_size = why_size,
                                        .take = take_certificate,
                                        .context = &loader};
    int status;

    memset(anchors, 0, sizeof *anchors);
    status = stint_posix_bundle_read(&bundle);
    if (status == 0 && anchors->count == 0) {
        status = stint_posix_bundle_fail(&bundle, "no certificate that BearSSL can use");
    }
    if (status < 0) {
        stint_posix_anchors_free(anchors);
    }
    return status;
}

void stint_posix_anchors_free(struct stint_posix_anchors *anchors)
{
    for (size_t i = 0; i < anchors->count; i++) {
        free_anchor(&anchors->anchors[i]);
    }
    free(anchors->anchors);
    memset(anchors, 0, sizeof *anchors);
}
