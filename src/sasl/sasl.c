/* SPDX-License-Identifier: MIT */
#include "sasl/sasl.h"

#include "sasl/cram_md5.h"
#include "sasl/oauth.h"
#include "sasl/part.h"
#include "sasl/scram.h"

/* Of a command (RFC 5321 4.5.3.1.4). AUTH with a first response has no more (RFC 4954 4). */
#define LINE_MAX 512

/* ---- PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login), and EXTERNAL (RFC 4422 A) ---- */

static bool password_octet(const struct stint_account *account, const struct stint_sasl_work *work,
                           size_t offset, uint8_t *octet)
{
    (void)work;
    return stint_sasl_secret(account, offset, octet, 1) == 1;
}

static bool user_octet(const struct stint_account *account, const struct stint_sasl_work *work,
                       size_t offset, uint8_t *octet)
{
    (void)work;
    return stint_part_text(account->user, &offset, octet);
}

static bool plain_octet(const struct stint_account *account, const struct stint_sasl_work *work,
                        size_t offset, uint8_t *octet)
{
    return stint_part_octets("", 1, &offset, octet) ||
           stint_part_text(account->user, &offset, octet) ||
           stint_part_octets("", 1, &offset, octet) || password_octet(account, work, offset, octet);
}

/* ---- The choice ---- */

/* clang-format off */
#define SCRAM_MESSAGES {stint_scram_message, stint_scram_message, stint_scram_nothing}

#define PASSWORD STINT_CREDENTIAL_PASSWORD
#define TOKEN    STINT_CREDENTIAL_TOKEN
#define SHOWN    STINT_CREDENTIAL_CERTIFICATE

/* Best first. SCRAM takes a round trip more than PLAIN, but the server proves itself by it, too.
 * CRAM-MD5 hides the password from none but the server, which must keep it in clear for that; and
 * many offer it who keep hashes, and then refuse everybody. */
static const struct stint_sasl mechanisms[] = {
#if STINT_SCRAM
    {"SCRAM-SHA-256-PLUS", SCRAM_MESSAGES, STINT_MECHANISM_SCRAM_SHA_256_PLUS, PASSWORD, 3, 3, true, STINT_HASH_SHA_256},
#endif
#if STINT_SCRAM && STINT_SCRAM_SHA_1
    {"SCRAM-SHA-1-PLUS", SCRAM_MESSAGES, STINT_MECHANISM_SCRAM_SHA_1_PLUS, PASSWORD, 3, 3, true, STINT_HASH_SHA_1},
#endif
#if STINT_SCRAM
    {"SCRAM-SHA-256", SCRAM_MESSAGES, STINT_MECHANISM_SCRAM_SHA_256, PASSWORD, 3, 3, true, STINT_HASH_SHA_256},
#endif
#if STINT_SCRAM && STINT_SCRAM_SHA_1
    {"SCRAM-SHA-1", SCRAM_MESSAGES, STINT_MECHANISM_SCRAM_SHA_1, PASSWORD, 3, 3, true, STINT_HASH_SHA_1},
#endif
    {"PLAIN", {plain_octet}, STINT_MECHANISM_PLAIN, PASSWORD, 1, 1, true, 0},
    {"LOGIN", {user_octet, password_octet}, STINT_MECHANISM_LOGIN, PASSWORD, 2, 2, false, 0},
#if STINT_CRAM_MD5
    {"CRAM-MD5", {stint_cram_md5_message}, STINT_MECHANISM_CRAM_MD5, PASSWORD, 1, 1, false, STINT_HASH_MD5},
#endif
#if STINT_OAUTH
    {"OAUTHBEARER", {stint_oauth_bearer, stint_oauth_bearer_end}, STINT_MECHANISM_OAUTHBEARER, TOKEN, 2, 1, true, 0},
    {"XOAUTH2", {stint_oauth_xoauth2, stint_oauth_xoauth2_end}, STINT_MECHANISM_XOAUTH2, TOKEN, 2, 1, true, 0},
#endif
#if STINT_EXTERNAL
    {"EXTERNAL", {user_octet}, STINT_MECHANISM_EXTERNAL, SHOWN, 1, 1, true, 0},
#endif
};
/* clang-format on */

#define MECHANISM_COUNT (sizeof mechanisms / sizeof mechanisms[0])

/* Mechanism names are upper-case and compared whole (RFC 4422 3.1). */
static bool is_wanted(const struct stint_sasl *sasl, const struct stint_account *account)
{
    const char *name = account->mechanism;
    size_t length = strlen(sasl->name);

    return (name == NULL || (strlen(name) == length && memcmp(name, sasl->name, length) == 0)) &&
           (!(STINT_OAUTH || STINT_EXTERNAL) || sasl->credential == account->credential) &&
           (!stint_scram_is(sasl) || stint_scram_takes(account));
}

/* What computes needs memory for that. */
static bool is_possible(const struct stint_sasl *sasl, const struct stint_sasl_work *work)
{
    return !STINT_SASL_COMPUTES || sasl->hash == STINT_HASH_NONE ||
           (work != NULL && stint_scram_is_possible(sasl, work));
}

const struct stint_sasl *stint_sasl_choose(const struct stint_account *account, uint16_t offered,
                                           const struct stint_sasl_work *work)
{
    size_t i;

    for (i = 0; i < MECHANISM_COUNT; i++) {
        if ((offered & mechanisms[i].mechanism) != 0 && is_wanted(&mechanisms[i], account) &&
            is_possible(&mechanisms[i], work)) {
            return &mechanisms[i];
        }
    }
    return NULL;
}

bool stint_sasl_is_known(const struct stint_account *account)
{
    size_t i;

    for (i = 0; i < MECHANISM_COUNT; i++) {
        if (is_wanted(&mechanisms[i], account)) {
            return true;
        }
    }
    return false;
}

/* ---- Messages ---- */

size_t stint_sasl_secret(const struct stint_account *account, size_t offset, uint8_t *octets,
                         size_t room)
{
    size_t length;
    size_t n;

    if (account->secret != NULL) {
        n = account->secret(account->secret_context, offset, octets, room);
        return n < room ? n : room;
    }
    length = strlen(account->password);
    if (offset >= length) {
        return 0;
    }
    n = length - offset < room ? length - offset : room;
    memcpy(octets, account->password + offset, n);
    return n;
}

size_t stint_sasl_read(stint_sasl_message message, const struct stint_account *account,
                       const struct stint_sasl_work *work, size_t offset, uint8_t *octets,
                       size_t room)
{
    size_t n = 0;

    while (n < room && message(account, work, offset + n, octets + n)) {
        n++;
    }
    return n;
}

bool stint_sasl_first_is_empty(const struct stint_sasl *sasl, const struct stint_account *account,
                               const struct stint_sasl_work *work)
{
    uint8_t octet;

    return STINT_EXTERNAL && !sasl->messages[0](account, work, 0, &octet);
}

bool stint_sasl_first_fits(const struct stint_sasl *sasl, const struct stint_account *account,
                           const struct stint_sasl_work *work)
{
    size_t room = LINE_MAX - sizeof "AUTH  \r\n" + 1 - strlen(sasl->name);
    uint8_t octet;

    return sasl->speaks_first && !sasl->messages[0](account, work, room / 4 * 3, &octet);
}
