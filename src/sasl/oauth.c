/* SPDX-License-Identifier: MIT */
#include "sasl/oauth.h"

#include "port.h"
#include "sasl/part.h"
#include "sasl/sasl.h"

#if STINT_OAUTH

/* The token, and "\1\1" behind it. How long it is only shows where it has ended. */
static bool token_octet(const struct stint_account *account, size_t offset, uint8_t *octet)
{
    uint8_t before;

    if (stint_sasl_secret(account, offset, octet, 1) == 1) {
        return true;
    }
    *octet = 1;
    return (offset > 0 && stint_sasl_secret(account, offset - 1, &before, 1) == 1) ||
           (offset > 1 && stint_sasl_secret(account, offset - 2, &before, 1) == 1);
}

static bool number_octet(uint16_t number, size_t *offset, uint8_t *octet)
{
    char digits[5];
    size_t start = sizeof digits;

    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return stint_part_octets(digits + start, sizeof digits - start, offset, octet);
}

/* RFC 7628 3.1 */
bool stint_oauth_bearer(const struct stint_account *account, const struct stint_sasl_work *work,
                        size_t offset, uint8_t *octet)
{
    (void)work;
    return stint_part_text("n,a=", &offset, octet) ||
           stint_part_name(account->user, &offset, octet) ||
           stint_part_text(",\1host=", &offset, octet) ||
           stint_part_text(account->host, &offset, octet) ||
           stint_part_text("\1port=", &offset, octet) ||
           number_octet(stint_port(account), &offset, octet) ||
           stint_part_text("\1auth=Bearer ", &offset, octet) || token_octet(account, offset, octet);
}

/* RFC 7628 3.2.3 */
bool stint_oauth_bearer_end(const struct stint_account *account, const struct stint_sasl_work *work,
                            size_t offset, uint8_t *octet)
{
    (void)account, (void)work;
    return stint_part_text("\1", &offset, octet);
}

bool stint_oauth_xoauth2(const struct stint_account *account, const struct stint_sasl_work *work,
                         size_t offset, uint8_t *octet)
{
    (void)work;
    return stint_part_text("user=", &offset, octet) ||
           stint_part_text(account->user, &offset, octet) ||
           stint_part_text("\1auth=Bearer ", &offset, octet) || token_octet(account, offset, octet);
}

bool stint_oauth_xoauth2_end(const struct stint_account *account,
                             const struct stint_sasl_work *work, size_t offset, uint8_t *octet)
{
    (void)account, (void)work, (void)offset, (void)octet;
    return false;
}

#endif
