/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One file being read: text to PEM objects to certificates to anchors. */
struct loader {
    struct stint_posix_anchors *anchors;
    size_t room; /* in anchors->anchors */

    br_pem_decoder_context pem;
    unsigned long line; /* lines seen whole */

    br_x509_decoder_context certificate;
    bool inside;          /* a certificate; not outside, and not some other object */
    unsigned long number; /* of the certificate in the file, from 1 */
    unsigned long begins; /* the line it begins at */
    unsigned char *name;  /* its subject */
    size_t name_length, name_room;
    bool out_of_memory;

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

static void append_name(void *context, const void *octets, size_t length)
{
    struct loader *loader = context;
    void *name = loader->name;

    if (length > SIZE_MAX - loader->name_length ||
        !grow(&name, &loader->name_room, loader->name_length + length, 1)) {
        loader->out_of_memory = true;
        return;
    }
    loader->name = name;
    memcpy(loader->name + loader->name_length, octets, length);
    loader->name_length += length;
}

/* BearSSL 0.6's decoder would go on after an error, in a state that makes no sense. */
static void append_certificate(void *context, const void *octets, size_t length)
{
    struct loader *loader = context;
    int error = br_x509_decoder_last_error(&loader->certificate);

    if (error == 0 || error == BR_ERR_X509_TRUNCATED) {
        br_x509_decoder_push(&loader->certificate, octets, length);
    }
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

static int add_anchor(struct loader *loader)
{
    static const br_x509_trust_anchor none;
    br_x509_trust_anchor anchor = none;
    void *list = loader->anchors->anchors;

    if (br_x509_decoder_isCA(&loader->certificate)) {
        anchor.flags = BR_X509_TA_CA;
    }
    if (!copy(&anchor.dn.data, &anchor.dn.len, loader->name, loader->name_length) ||
        !copy_key(&anchor.pkey, br_x509_decoder_get_pkey(&loader->certificate)) ||
        !grow(&list, &loader->room, loader->anchors->count + 1, sizeof anchor)) {
        free_anchor(&anchor);
        return fail(loader, "out of memory");
    }
    loader->anchors->anchors = list;
    loader->anchors->anchors[loader->anchors->count++] = anchor;
    return 0;
}

/* BearSSL's decoder reports a key of another kind, or one that is too large for it, before it has
 * seen the rest of the certificate; so those are not looked at further. */
static int end_certificate(struct loader *loader)
{
    int error = br_x509_decoder_last_error(&loader->certificate);

    loader->inside = false;
    if (loader->out_of_memory) {
        return fail(loader, "out of memory");
    }
    if (error == BR_ERR_X509_UNSUPPORTED || error == BR_ERR_X509_LIMIT_EXCEEDED) {
        loader->anchors->skipped++;
        return 0;
    }
    if (error != 0) {
        return fail(loader, "line %lu: certificate %lu is damaged (BearSSL error %d)",
                    loader->begins, loader->number, error);
    }
    return add_anchor(loader);
}

static void begin_object(struct loader *loader)
{
    const char *kind = br_pem_decoder_name(&loader->pem);

    loader->inside = strcmp(kind, "CERTIFICATE") == 0 || strcmp(kind, "X509 CERTIFICATE") == 0;
    if (!loader->inside) {
        br_pem_decoder_setdest(&loader->pem, NULL, NULL);
        return;
    }
    loader->number++;
    loader->begins = loader->line;
    loader->name_length = 0;
    br_x509_decoder_init(&loader->certificate, append_name, loader);
    br_pem_decoder_setdest(&loader->pem, append_certificate, loader);
}

static int handle_event(struct loader *loader, int event)
{
    if (event == BR_PEM_BEGIN_OBJ) {
        begin_object(loader);
    }
    if (event == BR_PEM_END_OBJ && loader->inside) {
        return end_certificate(loader);
    }
    if (event == BR_PEM_ERROR && loader->inside) {
        return fail(loader, "line %lu: not the base64 of certificate %lu", loader->line,
                    loader->number);
    }
    if (event == BR_PEM_ERROR) {
        /* Some other object, such as a key with RFC 1421 headers. BearSSL 0.6 would put what it
         * has decoded of it before the next object. */
        br_pem_decoder_init(&loader->pem);
    }
    return 0;
}

static int push(struct loader *loader, const char *text, size_t length)
{
    while (length > 0) {
        size_t taken = br_pem_decoder_push(&loader->pem, text, length);

        for (size_t i = 0; i < taken; i++) {
            loader->line += text[i] == '\n';
        }
        text += taken;
        length -= taken;
        if (handle_event(loader, br_pem_decoder_event(&loader->pem)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* BearSSL 0.6 takes the CR after a BEGIN line for a part of the object's name. */
static size_t without_cr(char *text, size_t length)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\r') {
            text[kept++] = text[i];
        }
    }
    return kept;
}

/* A device may have no end. The bundles of all public roots are a quarter of a megabyte. */
#define FILE_MAX_OCTETS (4 << 20)

static int load(struct loader *loader, FILE *file)
{
    char text[4096];
    size_t octets = 0;
    size_t length;

    while ((length = fread(text, 1, sizeof text, file)) > 0) {
        octets += length;
        if (octets > FILE_MAX_OCTETS) {
            return fail(loader, "over %d MB: this is no file of certificates",
                        FILE_MAX_OCTETS >> 20);
        }
        if (push(loader, text, without_cr(text, length)) < 0) {
            return -1;
        }
    }
    if (ferror(file)) {
        return fail(loader, "%s", strerror(errno));
    }
    if (push(loader, "\n", 1) < 0) { /* the last line may lack its end */
        return -1;
    }
    if (loader->inside) {
        return fail(loader, "ends within certificate %lu", loader->number);
    }
    if (loader->number == 0) {
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
    FILE *file;
    int status;

    memset(anchors, 0, sizeof *anchors);
    file = fopen(path, "rb");
    if (file == NULL) {
        return fail(&loader, "%s", strerror(errno));
    }
    br_pem_decoder_init(&loader.pem);
    status = load(&loader, file);
    fclose(file);
    free(loader.name);
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
