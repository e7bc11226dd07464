/* SPDX-License-Identifier: MIT */

/*
 * The reader of certificates.
 *
 * Input: the host that is wanted, LF, a seed for the pieces, an octet that is added to the length
 * announced (as int8_t), the certificate.
 * Promise: the same findings whatever the pieces; no look behind the host's end; a name, a purpose
 * or a constraint is only found where its octets stand.
 */

#include "fuzz.h"

#include "session/syntax.h"
#include "tls/certificate.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Do the octets of `part` stand anywhere in the certificate, in any case? */
static bool stands(const struct input *der, const void *part, size_t length)
{
    const char *wanted = part;
    size_t i, n;

    for (i = 0; i + length <= der->left; i++) {
        for (n = 0; n < length && lower((char)der->octets[i + n]) == lower(wanted[n]); n++) {
        }
        if (n == length) {
            return true;
        }
    }
    return false;
}

/* "*" and all of the host from its first dot on. */
static bool wildcard_stands(const struct input *der, const char *host)
{
    char pattern[512] = "*";
    const char *dot = strchr(host, '.');

    if (dot == NULL || strchr(dot + 1, '.') == NULL || strlen(dot) > 500) {
        return false;
    }
    strcat(pattern, dot);
    return stands(der, pattern, strlen(pattern));
}

static void check_findings(const struct stint_certificate *c, const struct input *der)
{
    if (c->names_host && c->address_length > 0) {
        PROMISE(stands(der, c->address, c->address_length));
    } else if (c->names_host) {
        PROMISE(stands(der, c->host, strlen(c->host)) || wildcard_stands(der, c->host));
    }
    PROMISE(!c->names_host || stands(der, "\x55\x1D\x11", 3));
    PROMISE(!c->has_purposes || stands(der, "\x55\x1D\x25", 3));
    PROMISE(!c->has_constraints || stands(der, "\x55\x1D\x1E", 3));
    PROMISE(!c->is_for_servers || stands(der, "\x2B\x06\x01\x05\x05\x07\x03\x01", 8));
}

/* A seed of 0 means in one piece. */
static struct stint_certificate read_certificate(const char *host, const struct input *der,
                                                 uint32_t announced, uint32_t seed)
{
    struct stint_certificate c;
    size_t at = 0;
    size_t size;
    uint8_t *piece;

    memset(&c, seed == 0 ? 0x00 : 0xA5, sizeof c);
    stint_certificate_host(&c, host);
    stint_certificate_start(&c, announced);
    while (at < der->left) {
        size = seed == 0 ? der->left - at : piece_size(&seed, der->left - at);
        piece = exact_copy(der->octets + at, size);
        at += stint_certificate_octets(&c, piece, size);
        free(piece);
        PROMISE(c.address_length > 0 || c.host_matched <= strlen(host));
        PROMISE(c.der.depth <= STINT_DER_DEPTH);
    }
    return c;
}

static void compare(const struct stint_certificate *one, const struct stint_certificate *other)
{
    PROMISE(one->is_damaged == other->is_damaged);
    PROMISE(one->names_host == other->names_host);
    PROMISE(one->has_purposes == other->has_purposes);
    PROMISE(one->is_for_servers == other->is_for_servers);
    PROMISE(one->has_constraints == other->has_constraints);
    PROMISE(one->has_begin == other->has_begin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t length = line_end != NULL ? (size_t)(line_end - data) : size;
    struct input input = {data + length, size - length};
    char *host = exact_string(data, length);
    struct stint_certificate whole, pieces;
    uint32_t seed, announced;

    (void)take_octet(&input);
    seed = take_octet(&input) + 1U;
    announced = (uint32_t)((int32_t)input.left + (int8_t)take_octet(&input) - 1);
    if (input.left > 0 && announced < 0x01000000 && stint_syntax_host(host)) {
        whole = read_certificate(host, &input, announced, 0);
        check_findings(&whole, &input);
        pieces = read_certificate(host, &input, announced, seed);
        compare(&whole, &pieces);
    }
    free(host);
    return 0;
}
