/* SPDX-License-Identifier: MIT */
#include "roots.h"

#include "anchor.h"
#include "bundle.h"
#include "chain.h"
#include "pin.h"
#include "print.h"
#include "status.h"

#include <stdlib.h>
#include <string.h>

#define WHY_MAX 1024

/* One file being read. */
struct reading {
    struct roots *roots;
    bool passes_over; /* what cannot be used */
};

static bool is_same(const uint8_t *one, size_t length, const uint8_t *other, size_t other_length)
{
    return length == other_length && memcmp(one, other, length) == 0;
}

static bool is_same_key(const br_x509_pkey *one, const br_x509_pkey *other)
{
    if (one->key_type != other->key_type) {
        return false;
    }
    if (one->key_type == BR_KEYTYPE_EC) {
        return one->key.ec.curve == other->key.ec.curve &&
               is_same(one->key.ec.q, one->key.ec.qlen, other->key.ec.q, other->key.ec.qlen);
    }
    return is_same(one->key.rsa.n, one->key.rsa.nlen, other->key.rsa.n, other->key.rsa.nlen) &&
           is_same(one->key.rsa.e, one->key.rsa.elen, other->key.rsa.e, other->key.rsa.elen);
}

/* To BearSSL an anchor is a name, a key and whether it vouches for others. */
static bool has_like(const struct roots *roots, const br_x509_trust_anchor *anchor)
{
    for (size_t i = 0; i < roots->count; i++) {
        const br_x509_trust_anchor *other = &roots->all[i].anchor;

        if (anchor->flags == other->flags && is_same_key(&anchor->pkey, &other->pkey) &&
            is_same(anchor->dn.data, anchor->dn.len, other->dn.data, other->dn.len)) {
            return true;
        }
    }
    return false;
}

/* BearSSL takes points in no other form than all of both coordinates (SEC 1 2.3.3). */
static bool has_whole_point(const br_x509_trust_anchor *anchor)
{
    const br_ec_public_key *key = &anchor->pkey.key.ec;
    size_t expected = key->curve == BR_EC_secp256r1 ? 65 : key->curve == BR_EC_secp384r1 ? 97 : 133;

    return anchor->pkey.key_type != BR_KEYTYPE_EC || (key->qlen == expected && key->q[0] == 4);
}

static enum stint_posix_anchor_status read_root(struct root *root)
{
    enum stint_posix_anchor_status status =
        stint_posix_anchor_read(&root->anchor, root->der, root->length);

    if (!certificate_read(&root->certificate, root->der, root->length)) {
        return STINT_POSIX_ANCHOR_DAMAGED;
    }
    if (status == STINT_POSIX_ANCHOR_READ && !has_whole_point(&root->anchor)) {
        return STINT_POSIX_ANCHOR_UNUSABLE;
    }
    return status;
}

static bool make_room(struct roots *roots)
{
    size_t room = roots->room > 0 ? 2 * roots->room : 16;
    void *more;

    if (roots->count < roots->room) {
        return true;
    }
    more = realloc(roots->all, room * sizeof *roots->all);
    if (more == NULL) {
        return false;
    }
    roots->all = more;
    roots->room = room;
    return true;
}

bool roots_add(struct roots *roots, const struct root *root)
{
    struct root copy = {.der = malloc(root->length), .length = root->length};

    if (copy.der == NULL || !make_room(roots)) {
        free(copy.der);
        return false;
    }
    memcpy(copy.der, root->der, root->length);
    (void)read_root(&copy); /* as the one that it is a copy of was read */
    if (has_like(roots, &copy.anchor)) {
        free(copy.der);
    } else {
        roots->all[roots->count++] = copy;
    }
    return true;
}

/* "line 5: certificate 2, C=..., CN=...: WHY" */
static int refuse(const struct stint_posix_bundle *bundle, const struct root *root, const char *why)
{
    char subject[CHAIN_NAME_MAX];

    certificate_write_name(subject, sizeof subject, root->certificate.subject);
    return stint_posix_bundle_fail(bundle, "line %lu: certificate %lu, %s: %s", bundle->pem.begins,
                                   bundle->pem.number, subject, why);
}

static int refuse_server(const struct stint_posix_bundle *bundle, const struct root *root)
{
    const struct slice *key = &root->certificate.key_info;
    uint8_t pin[STINT_TLS_PIN_OCTETS];
    char why[128 + PIN_TEXT_OCTETS] = "it is no CA's, so it can vouch for no server; if it is the "
                                      "server's own, give --pin ";

    pin_of(key->octets, key->length, pin);
    pin_write(pin, why + strlen(why));
    return refuse(bundle, root, why);
}

static int take_certificate(struct stint_posix_bundle *bundle, void *context)
{
    struct reading *reading = context;
    struct root root = {.der = bundle->pem.der, .length = bundle->pem.der_length};

    switch (read_root(&root)) {
    case STINT_POSIX_ANCHOR_READ: break;
    case STINT_POSIX_ANCHOR_UNUSABLE:
        return reading->passes_over
                   ? 0
                   : refuse(bundle, &root,
                            "BearSSL cannot use its key: it can use RSA to 4,096 bits, and the "
                            "curves P-256, P-384 and P-521");
    default:
        return stint_posix_bundle_fail(bundle, "line %lu: certificate %lu is damaged",
                                       bundle->pem.begins, bundle->pem.number);
    }
    if (root.anchor.flags != BR_X509_TA_CA && !reading->passes_over) {
        return refuse_server(bundle, &root);
    }
    return roots_add(reading->roots, &root) ? 0 : stint_posix_bundle_fail(bundle, "out of memory");
}

static int read_file(struct reading *reading, const char *path)
{
    char why[WHY_MAX];
    struct stint_posix_bundle bundle = {.path = path,
                                        .why = why,
                                        .why_size = sizeof why,
                                        .take = take_certificate,
                                        .context = reading};

    if (stint_posix_bundle_read(&bundle) == 0) {
        return STATUS_DONE;
    }
    complain("%s; nothing was written", why);
    return bundle.is_unreadable ? STATUS_NO_INPUT : STATUS_BAD_DATA;
}

int roots_read(struct roots *roots, const char *path)
{
    struct reading reading = {roots, false};

    return read_file(&reading, strcmp(path, "-") == 0 ? "/dev/stdin" : path);
}

int roots_read_trusted(struct roots *roots, const char *path)
{
    struct reading reading = {roots, true};

    return read_file(&reading, path);
}

void roots_free(struct roots *roots)
{
    for (size_t i = 0; i < roots->count; i++) {
        free(roots->all[i].der);
    }
    free(roots->all);
    memset(roots, 0, sizeof *roots);
}
