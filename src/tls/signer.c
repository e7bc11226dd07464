/* SPDX-License-Identifier: MIT */
#include "stint/signer.h"

#include <string.h>

/* Bit numbers of `auth_types`, as BearSSL has them: RSA with a hash function, and ECDSA. */
#define FIRST_ECDSA 8

static const uint8_t hash_octets[] = {
    [br_sha256_ID] = br_sha256_SIZE,
    [br_sha384_ID] = br_sha384_SIZE,
    [br_sha512_ID] = br_sha512_SIZE,
};

static const struct stint_signer *signer_of(const br_ssl_client_certificate_class **context)
{
    return (const struct stint_signer *)(const void *)context;
}

/* Which authorities the server names is of no interest: there is one certificate. */
static void start_name_list(const br_ssl_client_certificate_class **context)
{
    (void)context;
}

static void start_name(const br_ssl_client_certificate_class **context, size_t length)
{
    (void)context, (void)length;
}

static void append_name(const br_ssl_client_certificate_class **context, const unsigned char *data,
                        size_t length)
{
    (void)context, (void)data, (void)length;
}

static void end_name(const br_ssl_client_certificate_class **context)
{
    (void)context;
}

static void end_name_list(const br_ssl_client_certificate_class **context)
{
    (void)context;
}

/* The shortest hash function that is not broken, of those that both sides have; 0: none. */
static int choose_hash(const br_ssl_client_context *client, uint32_t auth_types)
{
    int id;

    for (id = br_sha256_ID; id <= br_sha512_ID; id++) {
        if ((auth_types >> id & 1) != 0 && br_multihash_getimpl(&client->eng.mhash, id) != NULL) {
            return id;
        }
    }
    return 0;
}

static void choose(const br_ssl_client_certificate_class **context,
                   const br_ssl_client_context *client, uint32_t auth_types,
                   br_ssl_client_certificate *choices)
{
    const struct stint_signer *signer = signer_of(context);
    bool is_ec = signer->key_type == BR_KEYTYPE_EC;

    memset(choices, 0, sizeof *choices); /* no certificate */
    choices->hash_id = choose_hash(client, is_ec ? auth_types >> FIRST_ECDSA : auth_types);
    if (choices->hash_id != 0) {
        choices->auth_type = is_ec ? BR_AUTH_ECDSA : BR_AUTH_RSA;
        choices->chain = signer->chain;
        choices->chain_len = signer->chain_length;
    }
}

/* Static ECDH is never chosen. */
static uint32_t do_keyx(const br_ssl_client_certificate_class **context, unsigned char *data,
                        size_t *length)
{
    (void)context, (void)data, (void)length;
    return 0;
}

/* The signature takes the hash's place. */
static size_t do_sign(const br_ssl_client_certificate_class **context, int hash_id,
                      size_t hash_length, unsigned char *data, size_t room)
{
    const struct stint_signer *signer = signer_of(context);
    uint8_t hash[br_sha512_SIZE];
    size_t length;

    if (hash_length != hash_octets[hash_id]) {
        return 0;
    }
    memcpy(hash, data, hash_length);
    length = signer->sign(signer->context, hash_id, hash, data, room);
    return length <= room ? length : 0;
}

static const br_ssl_client_certificate_class signer_class = {
    sizeof(struct stint_signer),
    start_name_list,
    start_name,
    append_name,
    end_name,
    end_name_list,
    choose,
    do_keyx,
    do_sign,
};

void stint_signer_use(struct stint_signer *signer, br_ssl_client_context *client)
{
    signer->vtable = &signer_class;
    br_ssl_client_set_client_certificate(client, &signer->vtable);
}
