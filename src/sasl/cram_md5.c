/* SPDX-License-Identifier: MIT */
#include "sasl/cram_md5.h"

#include "sasl/challenge.h"
#include "sasl/part.h"
#include "wipe.h"

#if STINT_CRAM_MD5

#define PASSWORD_MAX 255
#define DIGITS       (2 * br_md5_SIZE)

/* For a moment the password is behind the challenge. */
typedef char it_fits[1 + STINT_CHALLENGE_64 + PASSWORD_MAX <= STINT_SASL_TEXT ? 1 : -1];

static void key_with_password(struct stint_sasl_work *work, const struct stint_account *account)
{
    uint8_t *room = (uint8_t *)work->text + STINT_SASL_TEXT - PASSWORD_MAX;
    size_t length = stint_sasl_secret(account, 0, room, PASSWORD_MAX);

    br_hmac_key_init(&work->key, &br_md5_vtable, room, length);
    stint_wipe(room, length);
}

static void put_digits(char *text, const uint8_t *octets)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < br_md5_SIZE; i++) {
        *text++ = digits[octets[i] >> 4];
        *text++ = digits[octets[i] & 15];
    }
}

bool stint_cram_md5_challenge(const struct stint_account *account, struct stint_sasl_work *work)
{
    size_t length;

    if (!stint_challenge_decode(work, &length)) {
        return false;
    }
    key_with_password(work, account);
    br_hmac_init(&work->mac, &work->key, 0);
    br_hmac_update(&work->mac, stint_challenge(work), length);
    br_hmac_out(&work->mac, work->block);
    put_digits(work->text, work->block);
    return true;
}

/* RFC 2195 2: the user, a space, and the digest. */
bool stint_cram_md5_message(const struct stint_account *account, const struct stint_sasl_work *work,
                            size_t offset, uint8_t *octet)
{
    return stint_part_text(account->user, &offset, octet) || stint_part_text(" ", &offset, octet) ||
           stint_part_octets(work->text, DIGITS, &offset, octet);
}

#endif
