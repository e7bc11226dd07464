/* SPDX-License-Identifier: MIT */
#include "sasl/scram.h"

#include "sasl/base64.h"
#include "sasl/challenge.h"
#include "sasl/part.h"
#include "sasl/sasl.h"
#include "sasl/scram_keys.h"
#include "wipe.h"

#include <string.h>

#if STINT_SCRAM

/*
 * SCRAM (RFC 5802), with SHA-256 (RFC 7677) or SHA-1. What is said and heard is put into one piece
 * of memory, so that AuthMessage (RFC 5802 3) lies there in one piece:
 *
 *     n,,n=user,r=abc,r=abcdef,s=c2FsdA==,i=4096,c=biws,r=abcdef,p=cHJvb2Y=v=c2lnbmF0dXJl
 *     |  |            |                         |               |         |
 *     |  bare         server-first              final           proof     server-final
 *     client-first
 *
 * Challenges come in base64, and are decoded where they lie. Behind the last of it there is always
 * room for the password, or the salt, while the keys are computed.
 */

#define CLIENT_FIRST_MAX 818 /* the flag; a name of 255 octets, each one escaped; the nonce */
#define SERVER_FIRST_MAX STINT_CHALLENGE_MAX
#define CLIENT_FINAL_MAX 672 /* c= with 88 octets in base64, r= as above, p= */
#define SERVER_FINAL_64  168

#define ALL_OF_IT (CLIENT_FIRST_MAX + 1 + SERVER_FIRST_MAX + 1 + CLIENT_FINAL_MAX + SERVER_FINAL_64)
typedef char all_of_it_fits[STINT_SASL_TEXT >= ALL_OF_IT ? 1 : -1];
typedef char work_fits[sizeof(struct stint_sasl_work) <= sizeof(br_x509_minimal_context) ? 1 : -1];

/* RFC 7677 4, RFC 5802 5.1: fewer would let whoever poses as the server guess the password from the
 * proof. */
#define ITERATIONS_MIN 4096

#define PLUS (STINT_MECHANISM_SCRAM_SHA_256_PLUS | STINT_MECHANISM_SCRAM_SHA_1_PLUS)

/* ---- Which ---- */

static bool is_printable(uint8_t octet)
{
    return octet >= ' ' && octet <= '~';
}

bool stint_scram_takes(const struct stint_account *account)
{
    size_t offset;
    uint8_t octet;

    for (offset = 0; account->user[offset] != '\0'; offset++) {
        if (!is_printable((uint8_t)account->user[offset])) {
            return false;
        }
    }
    for (offset = 0; stint_sasl_secret(account, offset, &octet, 1) > 0; offset++) {
        if (!is_printable(octet)) {
            return false;
        }
    }
    return true;
}

static bool has_binding(const struct stint_sasl_work *work)
{
    return work->binding != NULL && work->binding->length > 0;
}

bool stint_scram_is_possible(const struct stint_sasl *sasl, const struct stint_sasl_work *work)
{
    return (sasl->mechanism & PLUS) == 0 || has_binding(work);
}

/* ---- What is said ---- */

bool stint_scram_message(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet)
{
    size_t from = work->from;

    (void)account;
    return stint_part_octets(work->text + from, work->end - from, &offset, octet);
}

bool stint_scram_nothing(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet)
{
    (void)account, (void)work, (void)offset, (void)octet;
    return false;
}

static void put(struct stint_sasl_work *work, const char *octets, size_t length)
{
    memcpy(work->text + work->end, octets, length);
    work->end = (uint16_t)(work->end + length);
}

static void put_text(struct stint_sasl_work *work, const char *text)
{
    put(work, text, strlen(text));
}

static void put_base64(struct stint_sasl_work *work, const uint8_t *octets, size_t length)
{
    work->end = (uint16_t)(work->end + stint_base64_encode(work->text + work->end, octets, length));
}

static void put_name(struct stint_sasl_work *work, const char *name)
{
    size_t offset = 0;
    size_t at = 0;
    uint8_t octet;

    while (stint_part_name(name, &at, &octet)) {
        work->text[work->end++] = (char)octet;
        at = ++offset;
    }
}

/* RFC 5802 6: "y" where we could bind and the server does not offer it, so that it notices if
 * somebody on the way took that out of its offer. */
static const char *flag(const struct stint_sasl *sasl, const struct stint_sasl_work *work,
                        uint16_t offered)
{
    if ((sasl->mechanism & PLUS) != 0) {
        return "p=tls-server-end-point,,";
    }
    return has_binding(work) && (offered & PLUS) == 0 ? "y,," : "n,,";
}

static const br_hash_class *hash_of(const struct stint_sasl *sasl)
{
    return STINT_SCRAM_SHA_1 && sasl->hash == STINT_HASH_SHA_1 ? &br_sha1_vtable
                                                               : &br_sha256_vtable;
}

void stint_scram_begin(const struct stint_sasl *sasl, const struct stint_account *account,
                       uint16_t offered, struct stint_sasl_work *work)
{
    work->hash = hash_of(sasl);
    work->from = 0;
    work->end = 0;
    work->proved = false;
    work->remembered = false;
    put_text(work, flag(sasl, work, offered));
    work->bare = work->end;
    put_text(work, "n=");
    put_name(work, account->user);
    put_text(work, ",r=");
    work->nonce = work->end;
    put_base64(work, work->random, work->random_length);
    work->nonce_length = (uint16_t)(work->end - work->nonce);
}

/* ---- What is heard ---- */

/* What is left of a message. */
struct cursor {
    const char *at;
    const char *end;
};

/* RFC 5802 5.1: the attribute `name` comes next. Its value goes up to the next comma, or the end.
 */
static bool attribute(struct cursor *cursor, char name, const char **value, size_t *length)
{
    const char *comma;

    if (cursor->end - cursor->at < 2 || cursor->at[0] != name || cursor->at[1] != '=') {
        return false;
    }
    *value = cursor->at + 2;
    comma = memchr(*value, ',', (size_t)(cursor->end - *value));
    cursor->at = comma != NULL ? comma : cursor->end;
    *length = (size_t)(cursor->at - *value);
    return true;
}

static bool comma(struct cursor *cursor)
{
    return cursor->at < cursor->end && *cursor->at++ == ',';
}

/* Ours, and something of the server's. */
static bool is_nonce(const struct stint_sasl_work *work, const char *nonce, size_t length)
{
    size_t ours = work->nonce_length;
    size_t i;

    for (i = 0; i < length; i++) {
        if (!is_printable((uint8_t)nonce[i]) || nonce[i] == ' ') {
            return false;
        }
    }
    return length > ours && memcmp(nonce, work->text + work->nonce, ours) == 0;
}

static bool read_count(struct stint_sasl_work *work, const char *digits, size_t length)
{
    uint32_t count = 0;
    size_t i;

    if (length == 0 || length > 9 || digits[0] == '0') {
        return false;
    }
    for (i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
        count = count * 10 + (uint32_t)(digits[i] - '0');
    }
    work->iterations = count;
    return count >= ITERATIONS_MIN && count <= STINT_SCRAM_ITERATIONS_MAX;
}

/* Optional ones may be passed over; "m" says that this one is not optional. */
static bool skip_extensions(struct cursor *cursor)
{
    const char *value;
    size_t length;

    while (cursor->at < cursor->end) {
        if (!comma(cursor) || cursor->at == cursor->end || *cursor->at == 'm' ||
            !attribute(cursor, *cursor->at, &value, &length)) {
            return false;
        }
    }
    return true;
}

/* server-first-message (RFC 5802 7). */
static bool read_server_first(struct stint_sasl_work *work, const char *message, size_t length)
{
    struct cursor cursor = {message, message + length};
    const char *nonce;
    const char *salt;
    const char *count;
    size_t nonce_length;
    size_t salt_length;
    size_t count_length;

    if (!attribute(&cursor, 'r', &nonce, &nonce_length) || !comma(&cursor) ||
        !attribute(&cursor, 's', &salt, &salt_length) || !comma(&cursor) ||
        !attribute(&cursor, 'i', &count, &count_length) || !skip_extensions(&cursor)) {
        return false;
    }
    if (!is_nonce(work, nonce, nonce_length) || !read_count(work, count, count_length)) {
        return false;
    }
    work->nonce = (uint16_t)(nonce - work->text);
    work->nonce_length = (uint16_t)nonce_length;
    work->salt = (uint16_t)(salt - work->text);
    work->salt_length = (uint16_t)salt_length;
    return true;
}

/* ---- What is said last ---- */

/* client-final-message (RFC 5802 7): c= tells once more what the flag said. */
static void put_final(struct stint_sasl_work *work)
{
    uint8_t *input = (uint8_t *)work->text + STINT_SASL_TEXT - 88;
    size_t length = work->bare;

    work->text[work->end++] = ',';
    work->from = work->end;
    memcpy(input, work->text, length);
    if (work->text[0] == 'p') {
        memcpy(input + length, work->binding->octets, work->binding->length);
        length += work->binding->length;
    }
    put_text(work, "c=");
    put_base64(work, input, length);
    put_text(work, ",r=");
    put(work, work->text + work->nonce, work->nonce_length);
    stint_scram_prove(work);
    put_text(work, ",p=");
    put_base64(work, work->block, stint_scram_hash_length(work));
    stint_wipe(work->block, sizeof work->block);
}

bool stint_sasl_computes(const struct stint_sasl_work *work)
{
    return work != NULL && work->left > 0;
}

void stint_sasl_compute(struct stint_sasl_work *work)
{
    stint_scram_compute_keys(work);
    if (work->left == 0) {
        put_final(work);
    }
}

/* ---- Challenges ---- */

static bool hear_first(struct stint_sasl_work *work, const struct stint_account *account)
{
    size_t length;

    if (!stint_challenge_decode(work, &length) ||
        !read_server_first(work, stint_challenge(work), length)) {
        return false;
    }
    work->text[work->end] = ',';
    work->end = (uint16_t)(work->end + 1 + length);
    if (account->scram_keys == NULL || !stint_scram_recall(work, account->scram_keys)) {
        return stint_scram_begin_keys(work, account);
    }
    put_final(work);
    return true;
}

/* server-final-message. Of e= the reply that follows tells; but success is none then. */
static bool hear_final(struct stint_sasl_work *work)
{
    struct cursor cursor;
    const char *value;
    size_t length;

    if (!stint_challenge_decode(work, &length)) {
        return false;
    }
    cursor.at = stint_challenge(work);
    cursor.end = cursor.at + length;
    if (attribute(&cursor, 'e', &value, &length)) {
        return true;
    }
    if (!attribute(&cursor, 'v', &value, &length) || !skip_extensions(&cursor) ||
        !stint_base64_decode(value, length, (uint8_t *)stint_challenge(work), &length)) {
        return false;
    }
    work->proved = stint_scram_is_signature(work, (uint8_t *)stint_challenge(work), length);
    return work->proved;
}

bool stint_scram_challenge(const struct stint_account *account, struct stint_sasl_work *work,
                           uint8_t step)
{
    switch (step) {
    case 0: return true; /* asks for the first message, where that did not go along with AUTH */
    case 1: return hear_first(work, account);
    default: return hear_final(work);
    }
}

/* Whatever the caller has kept is right, or gone. */
void stint_scram_end(const struct stint_account *account, struct stint_sasl_work *work)
{
    if (account->scram_keys != NULL && work->proved) {
        stint_scram_keep(work, account->scram_keys);
    } else if (account->scram_keys != NULL && work->remembered) {
        stint_wipe(account->scram_keys, sizeof *account->scram_keys);
    }
}

#endif
