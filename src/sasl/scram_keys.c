/* SPDX-License-Identifier: MIT */
#include "sasl/scram_keys.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"
#include "wipe.h"

#include <string.h>

#if STINT_SCRAM

#define PASSWORD_MAX 255

/* How many iterations a step computes: about 130 blocks hashed. */
#define ITERATIONS_A_STEP 64

static void mac(struct stint_sasl_work *work, const void *octets, size_t length, uint8_t *out)
{
    br_hmac_init(&work->mac, &work->key, 0);
    br_hmac_update(&work->mac, octets, length);
    br_hmac_out(&work->mac, out);
}

static void mac_with(struct stint_sasl_work *work, const uint8_t *key, const void *octets,
                     size_t length, uint8_t *out)
{
    br_hmac_key_init(&work->key, work->hash, key, stint_scram_hash_length(work));
    mac(work, octets, length, out);
}

static void mix(uint8_t *octets, const uint8_t *others)
{
    size_t i;

    for (i = 0; i < 32; i++) {
        octets[i] ^= others[i];
    }
}

/* Behind all that was said; overwritten by the next message. 0 octets: it is none. */
static uint8_t *decode_salt(struct stint_sasl_work *work, size_t *length)
{
    uint8_t *salt = (uint8_t *)work->text + work->end;

    if (!stint_base64_decode(work->text + work->salt, work->salt_length, salt, length)) {
        *length = 0;
    }
    return salt;
}

/* HMAC's key is the password; U1 is made of the salt and the number 1. */
bool stint_scram_begin_keys(struct stint_sasl_work *work, const struct stint_account *account)
{
    static const uint8_t one[4] = {0, 0, 0, 1};
    uint8_t *room = (uint8_t *)work->text + work->end;
    size_t length = stint_sasl_secret(account, 0, room, PASSWORD_MAX);

    br_hmac_key_init(&work->key, work->hash, room, length);
    stint_wipe(room, length);
    decode_salt(work, &length);
    if (length == 0) {
        return false;
    }
    memcpy(room + length, one, sizeof one);
    memset(work->salted, 0, sizeof work->salted);
    memset(work->block, 0, sizeof work->block);
    mac(work, room, length + sizeof one, work->block);
    mix(work->salted, work->block);
    work->left = work->iterations - 1;
    return true;
}

static void end_salting(struct stint_sasl_work *work)
{
    mac_with(work, work->salted, "Client Key", 10, work->client_key);
    mac(work, "Server Key", 10, work->server_key);
    stint_wipe(work->salted, sizeof work->salted);
}

void stint_scram_compute_keys(struct stint_sasl_work *work)
{
    unsigned n;

    for (n = 0; n < ITERATIONS_A_STEP && work->left > 0; n++, work->left--) {
        mac(work, work->block, stint_scram_hash_length(work), work->block);
        mix(work->salted, work->block);
    }
    if (work->left == 0) {
        end_salting(work);
    }
}

void stint_scram_prove(struct stint_sasl_work *work)
{
    const char *message = work->text + work->bare;
    size_t length = (size_t)(work->end - work->bare);
    br_hash_compat_context hash;

    work->hash->init(&hash.vtable);
    work->hash->update(&hash.vtable, work->client_key, stint_scram_hash_length(work));
    work->hash->out(&hash.vtable, work->block); /* StoredKey */
    mac_with(work, work->block, message, length, work->block);
    mix(work->block, work->client_key);
    mac_with(work, work->server_key, message, length, work->signature);
}

bool stint_scram_is_signature(const struct stint_sasl_work *work, const uint8_t *octets,
                              size_t length)
{
    uint8_t difference = 0;
    size_t i;

    if (length != stint_scram_hash_length(work)) {
        return false;
    }
    for (i = 0; i < length; i++) { /* to the end: how far it is right is nobody's business */
        difference |= octets[i] ^ work->signature[i];
    }
    return difference == 0;
}

/* Keys of the same salt and count need not be computed again (RFC 5802 5.1). */
bool stint_scram_recall(struct stint_sasl_work *work, const struct stint_scram_keys *keys)
{
    size_t length;
    const uint8_t *salt = decode_salt(work, &length);

    if (keys->hash_length != stint_scram_hash_length(work) ||
        keys->iterations != work->iterations || length != keys->salt_length ||
        memcmp(salt, keys->salt, length) != 0) {
        return false;
    }
    memcpy(work->client_key, keys->client_key, sizeof work->client_key);
    memcpy(work->server_key, keys->server_key, sizeof work->server_key);
    work->remembered = true;
    return true;
}

void stint_scram_keep(struct stint_sasl_work *work, struct stint_scram_keys *keys)
{
    size_t length;
    const uint8_t *salt = decode_salt(work, &length);

    if (length > sizeof keys->salt) {
        return;
    }
    keys->hash_length = (uint8_t)stint_scram_hash_length(work);
    keys->iterations = work->iterations;
    keys->salt_length = (uint8_t)length;
    memcpy(keys->salt, salt, length);
    memcpy(keys->client_key, work->client_key, sizeof keys->client_key);
    memcpy(keys->server_key, work->server_key, sizeof keys->server_key);
}

#endif
