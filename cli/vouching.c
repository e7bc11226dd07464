/* SPDX-License-Identifier: MIT */
#include "vouching.h"

#include "stint_posix.h"

#include <stdlib.h>
#include <string.h>

/* BearSSL counts days from the year 0; 1970-01-01 is day 719,528. */
#define DAYS_TO_1970    719528U
#define SECONDS_PER_DAY 86400U

bool received_add(struct received *received, const struct certificate *certificate)
{
    const struct slice *whole = &certificate->whole;
    uint8_t *copy = received->count < CHAIN_REMEMBERED ? malloc(whole->length) : NULL;

    if (copy == NULL) {
        return false;
    }
    memcpy(copy, whole->octets, whole->length);
    received->all[received->count].der = copy;
    received->all[received->count].length = whole->length;
    (void)certificate_read(&received->all[received->count].certificate, copy, whole->length);
    received->count++;
    return true;
}

void received_free(struct received *received)
{
    for (size_t i = 0; i < received->count; i++) {
        free(received->all[i].der);
    }
    memset(received, 0, sizeof *received);
}

/* Names, purposes and the like are the connection's to judge: it has. */
static bool is_enough(const struct root *root, const struct received *received,
                      stint_tls_profile profile)
{
    static br_ssl_client_context unused; /* a profile sets up both */
    br_x509_minimal_context context;
    const br_x509_class **class = &context.vtable;
    uint64_t now = stint_posix_unix_time();

    br_x509_minimal_init(&context, &br_sha256_vtable, &root->anchor, 1);
    br_ssl_client_zero(&unused);
    profile(&unused, &context);
    br_x509_minimal_set_time(&context, DAYS_TO_1970 + (uint32_t)(now / SECONDS_PER_DAY),
                             (uint32_t)(now % SECONDS_PER_DAY));
    (*class)->start_chain(class, NULL);
    for (size_t i = 0; i < received->count; i++) {
        (*class)->start_cert(class, (uint32_t)received->all[i].length);
        (*class)->append(class, received->all[i].der, received->all[i].length);
        (*class)->end_cert(class);
    }
    return (*class)->end_chain(class) == 0;
}

/* A CA is met as an issuer, a server's own certificate as the leaf. */
static bool is_named(const struct root *root, const struct certificate *certificate, bool is_leaf)
{
    const br_x500_name *dn = &root->anchor.dn;
    const struct slice *name =
        root->anchor.flags == BR_X509_TA_CA ? &certificate->issuer : &certificate->subject;

    return (is_leaf || root->anchor.flags == BR_X509_TA_CA) && name->length == dn->len &&
           memcmp(name->octets, dn->data, dn->len) == 0;
}

const struct root *vouching_root(const struct roots *roots, const struct received *received,
                                 stint_tls_profile profile)
{
    for (size_t i = 0; i < received->count; i++) {
        for (size_t j = 0; j < roots->count; j++) {
            const struct root *root = &roots->all[j];

            if (is_named(root, &received->all[i].certificate, i == 0) &&
                is_enough(root, received, profile)) {
                return root;
            }
        }
    }
    return NULL;
}
