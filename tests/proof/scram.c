/* SPDX-License-Identifier: MIT */

/*
 * SCRAM, from its first message to its last: whatever a server says in six octets, or in messages
 * of the form that they should have with five octets of any value in them; and all of an exchange
 * with the longest messages and bindings, with keys that are kept and without. Names are a third of
 * the longest: of those scram.c counts the octets.
 *
 * BearSSL's hashes, which are not ours, give any octets. So does base64, in the room that base64.c
 * proves it to need.
 */

#define HMAC_LENGTH 32 /* the longer of the two */

#include "any.h"
#include "hmac.h"

#include <bearssl.h>

#include "sasl/base64.h"
#include "sasl/challenge.h"
#include "sasl/scram.h"
#include "sasl/scram_keys.h"
#include "stint/tls.h"

#define USER_MAX  85
#define SIGNATURE 44
#define REST      (STINT_CHALLENGE_MAX - 26) /* behind "r=" and our nonce */

/* ---- BearSSL ---- */

static void hash_init(const br_hash_class **context)
{
    /*@ assert \valid(context); */
    *context = &br_sha256_vtable;
}

static void hash_update(const br_hash_class **context, const void *octets, size_t length)
{
    (void)context;
    /*@ assert \valid_read((const uint8_t *)octets + (0 .. length - 1)); */
}

static void hash_out(const br_hash_class *const *context, void *out)
{
    (void)context;
    give(out);
}

const br_hash_class br_sha256_vtable = {.desc = BR_HASHDESC_OUT(br_sha256_SIZE),
                                        .init = hash_init,
                                        .update = hash_update,
                                        .out = hash_out};
const br_hash_class br_sha1_vtable = {.desc = BR_HASHDESC_OUT(br_sha1_SIZE),
                                      .init = hash_init,
                                      .update = hash_update,
                                      .out = hash_out};

/* ---- Base64 ---- */

size_t stint_base64_encode(char *characters, const uint8_t *octets, size_t length)
{
    size_t made = (length + 2) / 3 * 4;
    size_t i;

    /*@ assert \valid_read(octets + (0 .. length - 1)); */
    /*@ loop unroll 256; */
    for (i = 0; i < made; i++) {
        characters[i] = (char)any_octet();
    }
    return made;
}

static char said[STINT_CHALLENGE_MAX]; /* by the server */
static size_t said_length;             /* 0: it is no challenge that is decoded */

bool stint_base64_decode(const char *characters, size_t length, uint8_t *octets, size_t *count)
{
    size_t i;

    /*@ assert \valid_read(characters + (0 .. length - 1)); */
    *count = said_length > 0 ? said_length : length / 4 * 3 - any_number(length > 3 ? 2 : 0);
    /*@ loop unroll STINT_CHALLENGE_MAX; */
    for (i = 0; i < *count; i++) {
        octets[i] = said_length > 0 ? (uint8_t)said[i] : any_octet();
    }
    said_length = 0;
    return any_more();
}

/* ---- The account ---- */

size_t stint_sasl_secret(const struct stint_account *account, size_t offset, uint8_t *octets,
                         size_t room)
{
    size_t length = any_number((uint32_t)room);

    (void)account, (void)offset;
    /*@ assert \valid(octets + (0 .. room - 1)); */
    octets[0] = any_octet();
    octets[room - 1] = any_octet();
    return length;
}

static struct stint_scram_keys keys;
static struct stint_account account;
static struct stint_tls_binding binding;
static struct stint_sasl_work work;

/* ---- The exchange ---- */

static const struct stint_sasl plus = {.mechanism = STINT_MECHANISM_SCRAM_SHA_256_PLUS,
                                       .hash = STINT_HASH_SHA_256};
static const struct stint_sasl plain = {.mechanism = STINT_MECHANISM_SCRAM_SHA_1,
                                        .hash = STINT_HASH_SHA_1};

static void begin(const struct stint_sasl *sasl, const char *user)
{
    uint8_t octet;

    account.user = user;
    work.binding = &binding;
    work.random_length = sizeof work.random;
    work.left = 0;
    (void)stint_scram_takes(&account);
    (void)stint_scram_is_possible(sasl, &work);
    stint_scram_begin(sasl, &account, (uint16_t)any_number(UINT16_MAX), &work);
    (void)stint_scram_message(&account, &work, any_number(UINT16_MAX), &octet);
    (void)stint_scram_challenge(&account, &work, 0);
}

/* The server says `form`, with any octet for each "?", and for "*" so many letters. */
static bool hear(uint8_t step, const char *form, size_t letters)
{
    size_t i;

    said_length = 0;
    /*@ loop unroll STINT_CHALLENGE_MAX; */
    for (; *form != '\0'; form++) {
        /*@ loop unroll STINT_CHALLENGE_MAX; */
        for (i = 0; *form == '*' && i < letters; i++) {
            said[said_length++] = (char)('a' + any_number(25));
        }
        if (*form != '*') {
            said[said_length++] = *form == '?' ? (char)any_octet() : *form;
        }
    }
    work.heard = (uint16_t)((said_length + 2) / 3 * 4);
    return stint_scram_challenge(&account, &work, step);
}

static void compute(void)
{
    if (stint_sasl_computes(&work)) {
        work.left = 65; /* of so many, or of more, it is the same */
        stint_sasl_compute(&work);
        stint_sasl_compute(&work);
    }
}

/* Whatever it says first, and last. */
static void any_words(const char *form)
{
    begin(&plain, "u");
    (void)hear(1, form, 0);
    begin(&plain, "u");
    (void)hear(2, form, 0);
}

/* All of it. */
static void exchange(const struct stint_sasl *sasl, const char *user, const char *form,
                     size_t letters)
{
    uint8_t octet;

    begin(sasl, user);
    if (hear(1, form, letters)) {
        compute();
        (void)stint_scram_message(&account, &work, any_number(UINT16_MAX), &octet);
        (void)hear(2, "v=*", SIGNATURE);
        stint_scram_end(&account, &work);
    }
    (void)stint_scram_nothing(&account, &work, 0, &octet);
}

static void exchanges(const char *user)
{
    exchange(&plain, user, "r=aaaaaaaaaaaaaaaaaaaaaaaa*,s=aaaa,i=4096", 1);
    exchange(&plus, user, "r=aaaaaaaaaaaaaaaaaaaaaaaa*,s=aaaa,i=4096", REST - 16);
    exchange(&plus, user, "r=aaaaaaaaaaaaaaaaaaaaaaaaa,s=*,i=4096", REST - 12);
    exchange(&plus, user, "r=aaaaaaaaaaaaaaaaaaaaaaaaa,s=aaaa,i=4096,x=*", REST - 19);
}

/* A name of which each octet is escaped: so it is as long as one of 255 that are not. */
static void long_name(void)
{
    static char user[USER_MAX + 1];
    size_t i;

    /*@ loop unroll USER_MAX; */
    for (i = 0; i < USER_MAX; i++) {
        user[i] = ',';
    }
    user[USER_MAX] = '\0';
    exchange(&plus, user, "r=aaaaaaaaaaaaaaaaaaaaaaaa*,s=aaaa,i=4096", REST - 16);
}

int main(void)
{
    any_words("");
    any_words("?");
    any_words("??????");
    any_words("r=?????");
    any_words("r=aaaaaaaaaaaaaaaaaaaaaaaa????,s=?????");
    any_words("r=aaaaaaaaaaaaaaaaaaaaaaaaa,s=aaaa,i=?????");
    any_words("r=aaaaaaaaaaaaaaaaaaaaaaaaa,s=aaaa,i=4096?????");
    any_words("v=?????");
    any_words("e=?????");
    exchanges("u");
    binding.length = 64;
    long_name();
    account.scram_keys = &keys;
    exchanges("u");
    keys.hash_length = br_sha256_SIZE;
    keys.iterations = 4096;
    keys.salt_length = 3;
    exchanges("u");
    return 0;
}
