/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include "anchor.h"
#include "pem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One file being read: text to certificates to anchors. */
struct loader {
    struct stint_posix_anchors *anchors;
    size_t room; /* in anchors->anchors */

    struct stint_posix_pem pem;

    const char *path;
    char *why;
    size_t why_size;
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

/* Write the reason; returns -1. */
static int fail(const struct loader *loader, const char *format, ...)
{
    va_list arguments;
    int length = snprintf(loader->why, loader->why_size, "%s: ", loader->path);

    if (length > 0 && (size_t)length < loader->why_size) {
        va_start(arguments, format);
        vsnprintf(loader->why + length, loader->why_size - (size_t)length, format, arguments);
        va_end(arguments);
    }
    return -1;
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

static int add_anchor(struct loader *loader, const br_x509_trust_anchor *read)
{
    static const br_x509_trust_anchor none;
    br_x509_trust_anchor anchor = none;
    void *list = loader->anchors->anchors;

    anchor.flags = read->flags;
    if (!copy(&anchor.dn.data, &anchor.dn.len, read->dn.data, read->dn.len) ||
        !copy_key(&anchor.pkey, &read->pkey) ||
        !grow(&list, &loader->room, loader->anchors->count + 1, sizeof anchor)) {
        free_anchor(&anchor);
        return fail(loader, "out of memory");
    }
    loader->anchors->anchors = list;
    loader->anchors->anchors[loader->anchors->count++] = anchor;
    return 0;
}

static int read_certificate(struct loader *loader)
{
    br_x509_trust_anchor anchor;

    switch (stint_posix_anchor_read(&anchor, loader->pem.der, loader->pem.der_length)) {
    case STINT_POSIX_ANCHOR_READ: return add_anchor(loader, &anchor);
    case STINT_POSIX_ANCHOR_UNUSABLE: loader->anchors->skipped++; return 0;
    default:
        return fail(loader, "line %lu: certificate %lu is damaged", loader->pem.begins,
                    loader->pem.number);
    }
}

static int read_certificates(struct loader *loader)
{
    for (;;) {
        switch (stint_posix_pem_next(&loader->pem)) {
        case STINT_POSIX_PEM_CERTIFICATE: break;
        case STINT_POSIX_PEM_END: return 0;
        case STINT_POSIX_PEM_CUT_OFF:
            return fail(loader, "ends within certificate %lu", loader->pem.number);
        default:
            return fail(loader, "line %lu: not the base64 of certificate %lu", loader->pem.line,
                        loader->pem.number);
        }
        if (read_certificate(loader) < 0) {
            return -1;
        }
    }
}

static ssize_t read_some(int descriptor, uint8_t *buffer, size_t room)
{
    ssize_t got;

    do {
        got = read(descriptor, buffer, room);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* A device may have no end. The bundles of all public roots are a quarter of a megabyte. */
#define FILE_MAX_OCTETS (4 << 20)
#define FIRST_OCTETS    65536

static int read_text(struct loader *loader, int descriptor)
{
    struct stint_posix_pem *pem = &loader->pem;
    void *text = NULL;
    size_t room = 0;
    ssize_t got;

    do {
        if (pem->length == room && !grow(&text, &room, room + FIRST_OCTETS, 1)) {
            return fail(loader, "out of memory");
        }
        pem->text = text;
        got = read_some(descriptor, pem->text + pem->length, room - pem->length);
        if (got < 0) {
            return fail(loader, "%s", strerror(errno));
        }
        pem->length += (size_t)got;
        if (pem->length > FILE_MAX_OCTETS) {
            return fail(loader, "over %d MB: this is no file of certificates",
                        FILE_MAX_OCTETS >> 20);
        }
    } while (got > 0);
    return 0;
}

static int load(struct loader *loader, int descriptor)
{
    if (read_text(loader, descriptor) < 0 || read_certificates(loader) < 0) {
        return -1;
    }
    if (loader->pem.number == 0) {
        return fail(loader, "no certificate in it");
    }
    if (loader->anchors->count == 0) {
        return fail(loader, "no certificate that BearSSL can use");
    }
    return 0;
}

int stint_posix_anchors_load(struct stint_posix_anchors *anchors, const char *path, char *why,
                             size_t why_size)
{
    struct loader loader = {.anchors = anchors, .path = path, .why = why, .why_size = why_size};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int status;

    memset(anchors, 0, sizeof *anchors);
    if (descriptor < 0) {
        return fail(&loader, "%s", strerror(errno));
    }
    status = load(&loader, descriptor);
    close(descriptor);
    free(loader.pem.text);
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
