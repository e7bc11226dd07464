/* SPDX-License-Identifier: MIT */

/*
 * The mechanisms but SCRAM: any octet of what each says, for users, hosts and secrets of up to
 * SHORT octets; challenges of any octets, and of every length that is listened to, behind what was
 * said.
 *
 * SCRAM's part scram.c proves; here it does what it likes. BearSSL's hashes are not ours.
 */

#define HMAC_LENGTH br_md5_SIZE

#include "any.h"
#include "hmac.h"

#include <bearssl.h>

#include "sasl/challenge.h"
#include "sasl/cram_md5.h"
#include "sasl/sasl.h"
#include "sasl/scram.h"
#include "stint/tls.h"

#define SHORT 2
#define MOST  70 /* octets that a message has of them */

/* ---- BearSSL ---- */

const br_hash_class br_md5_vtable;

/* ---- SCRAM ---- */

bool stint_scram_takes(const struct stint_account *account)
{
    (void)account;
    return any_more();
}

bool stint_scram_is_possible(const struct stint_sasl *sasl, const struct stint_sasl_work *work)
{
    (void)sasl, (void)work;
    return any_more();
}

bool stint_scram_message(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet)
{
    (void)account, (void)work, (void)offset;
    *octet = any_octet();
    return any_more();
}

bool stint_scram_nothing(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet)
{
    (void)account, (void)work, (void)offset, (void)octet;
    return false;
}

void stint_scram_begin(const struct stint_sasl *sasl, const struct stint_account *account,
                       uint16_t offered, struct stint_sasl_work *work)
{
    (void)sasl, (void)account, (void)offered, (void)work;
}

bool stint_scram_challenge(const struct stint_account *account, struct stint_sasl_work *work,
                           uint8_t step)
{
    (void)account, (void)work, (void)step;
    return any_more();
}

void stint_scram_end(const struct stint_account *account, struct stint_sasl_work *work)
{
    (void)account, (void)work;
}

/* ---- What is said ---- */

static struct stint_account account;
static struct stint_sasl_work work;

/* At most `room` octets, and always the same number. */
static size_t secret(void *context, size_t offset, uint8_t *octets, size_t room)
{
    (void)context, (void)offset;
    if (any_more()) {
        return 0;
    }
    octets[0] = any_octet();
    octets[room - 1] = any_octet();
    return 1 + any_number((uint32_t)room - 1);
}

static void say(const struct stint_sasl *sasl)
{
    uint8_t octets[2];
    size_t offset, n;
    int i;

    (void)stint_sasl_first_fits(sasl, &account, &work);
    (void)stint_sasl_first_is_empty(sasl, &account, &work);
    /*@ loop unroll STINT_SASL_MESSAGES_MAX; */
    for (i = 0; i < sasl->count; i++) {
        /*@ loop unroll MOST; */
        for (offset = 0; offset < MOST; offset++) {
            n = stint_sasl_read(sasl->messages[i], &account, &work, offset, octets, sizeof octets);
            /*@ assert n <= 2; */
        }
    }
}

/* ---- What is heard ---- */

/* Behind `end` octets that were said. */
static void hear(const struct stint_sasl *sasl, uint16_t end, uint16_t length)
{
    uint16_t i;

    stint_sasl_begin(sasl, &account, (uint16_t)any_number(UINT16_MAX), &work);
    work.end = end;
    stint_sasl_listen(&work);
    /*@ loop unroll STINT_CHALLENGE_64 + 2; */
    for (i = 0; i < length; i++) {
        stint_sasl_hear(sasl, &work, i < 4 ? any_octet() : (uint8_t)('A' + any_number(25)));
    }
    (void)stint_sasl_challenge(sasl, &account, &work, (uint8_t)any_number(2));
    (void)stint_sasl_is_proved(sasl, &work);
    say(sasl);
    stint_sasl_end(sasl, &account, &work);
}

static void speak(uint16_t mechanism, uint8_t credential)
{
    const struct stint_sasl *sasl;

    account.credential = credential;
    sasl = stint_sasl_choose(&account, mechanism, &work);
    if (sasl != NULL) {
        say(sasl);
        hear(sasl, 0, 4);
    }
}

static void check(const char *text)
{
    account.user = text;
    account.host = text;
    account.password = text;
    account.mechanism = any_more() ? text : NULL;
    (void)stint_sasl_is_known(&account);
    account.mechanism = NULL;
    speak(STINT_MECHANISM_PLAIN, STINT_CREDENTIAL_PASSWORD);
    speak(STINT_MECHANISM_LOGIN, STINT_CREDENTIAL_PASSWORD);
    speak(STINT_MECHANISM_CRAM_MD5, STINT_CREDENTIAL_PASSWORD);
    speak(STINT_MECHANISM_SCRAM_SHA_256, STINT_CREDENTIAL_PASSWORD);
    speak(STINT_MECHANISM_OAUTHBEARER, STINT_CREDENTIAL_TOKEN);
    speak(STINT_MECHANISM_XOAUTH2, STINT_CREDENTIAL_TOKEN);
    speak(STINT_MECHANISM_EXTERNAL, STINT_CREDENTIAL_CERTIFICATE);
}

/* Of the octets of ASCII, or of the others. */
static void texts(uint8_t first)
{
    char memory[SHORT + 1];
    size_t i, n;

    memory[SHORT] = '\0';
    /*@ loop unroll SHORT; */
    for (i = 0; i < SHORT; i++) {
        memory[i] = (char)(first + any_number(INT8_MAX - 1));
    }
    /*@ loop unroll SHORT + 1; */
    for (n = 0; n <= SHORT; n++) {
        check(memory + SHORT - n);
    }
    account.user = account.host = account.password = "";
}

static void long_challenges(void)
{
    const struct stint_sasl *sasl;

    account.user = "user";
    account.credential = STINT_CREDENTIAL_PASSWORD;
    sasl = stint_sasl_choose(&account, STINT_MECHANISM_CRAM_MD5, &work);
    if (sasl != NULL) {
        hear(sasl, 0, STINT_CHALLENGE_64);
        hear(sasl, 0, STINT_CHALLENGE_64 + 1);
        hear(sasl, STINT_SASL_TEXT - 9, 8);
        hear(sasl, STINT_SASL_TEXT - 8, 8);
        hear(sasl, STINT_SASL_TEXT - 1, 2);
    }
}

int main(void)
{
    account.port = (uint16_t)any_number(UINT16_MAX);
    texts(1);
    texts(0x81);
    account.secret = secret;
    check("user");
    long_challenges();
    return 0;
}
