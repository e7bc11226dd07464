/* SPDX-License-Identifier: MIT */
#include "session/sasl.h"

#include "session/capabilities.h"
#include "session/command.h"

#include <string.h>

/* Octets of a PLAIN message that still make a line of 512: "AUTH PLAIN ", base64, CRLF. */
#define FIRST_RESPONSE_MAX ((512 - 11 - 2) / 4 * 3)

/* Best first. PLAIN is one round trip, LOGIN two. */
static const struct stint_sasl mechanisms[] = {
    {"PLAIN",
     STINT_MECHANISM_PLAIN,
     "AUTH PLAIN " STINT_PLAIN_MESSAGE "\r\n",
     "AUTH PLAIN\r\n",
     {STINT_PLAIN_MESSAGE "\r\n", NULL},
     1},
    {"LOGIN",
     STINT_MECHANISM_LOGIN,
     NULL,
     "AUTH LOGIN\r\n",
     {STINT_USER_NAME "\r\n", STINT_PASSWORD "\r\n"},
     2},
};

#define MECHANISM_COUNT (sizeof mechanisms / sizeof mechanisms[0])

static size_t part_of(const char *text, size_t offset, uint8_t *octets, size_t room)
{
    size_t length = strlen(text);
    size_t n;

    if (offset >= length) {
        return 0;
    }
    n = length - offset < room ? length - offset : room;
    memcpy(octets, text + offset, n);
    return n;
}

size_t stint_sasl_user(const struct stint_account *account, size_t offset, uint8_t *octets,
                       size_t room)
{
    return part_of(account->user, offset, octets, room);
}

size_t stint_sasl_password(const struct stint_account *account, size_t offset, uint8_t *octets,
                           size_t room)
{
    if (account->secret != NULL) {
        return account->secret(account->secret_context, offset, octets, room);
    }
    return part_of(account->password, offset, octets, room);
}

static size_t plain_octet(const struct stint_account *account, size_t offset, uint8_t *octet)
{
    size_t user_end = 1 + strlen(account->user);

    if (offset == 0 || offset == user_end) {
        *octet = '\0';
        return 1;
    }
    if (offset < user_end) {
        return part_of(account->user, offset - 1, octet, 1);
    }
    return stint_sasl_password(account, offset - user_end - 1, octet, 1);
}

size_t stint_sasl_plain(const struct stint_account *account, size_t offset, uint8_t *octets,
                        size_t room)
{
    size_t n = 0;

    while (n < room && plain_octet(account, offset + n, octets + n) > 0) {
        n++;
    }
    return n;
}

/* Mechanism names are upper-case and compared whole (RFC 4422 3.1). */
static bool is_named(const struct stint_sasl *sasl, const char *name)
{
    size_t length = strlen(sasl->name);

    return strlen(name) == length && memcmp(name, sasl->name, length) == 0;
}

const struct stint_sasl *stint_sasl_choose(const struct stint_account *account, uint16_t offered)
{
    size_t i;

    for (i = 0; i < MECHANISM_COUNT; i++) {
        if ((offered & mechanisms[i].mechanism) != 0 &&
            (account->mechanism == NULL || is_named(&mechanisms[i], account->mechanism))) {
            return &mechanisms[i];
        }
    }
    return NULL;
}

bool stint_sasl_is_known(const char *name)
{
    size_t i;

    for (i = 0; i < MECHANISM_COUNT; i++) {
        if (is_named(&mechanisms[i], name)) {
            return true;
        }
    }
    return false;
}

bool stint_sasl_first_fits(const struct stint_sasl *sasl, const struct stint_account *account)
{
    uint8_t octet;

    return sasl->with_first != NULL && plain_octet(account, FIRST_RESPONSE_MAX, &octet) == 0;
}
