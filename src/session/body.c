/* SPDX-License-Identifier: MIT */
#include "session/body.h"

#include <string.h>

#define LINE_MAX_OCTETS 998

typedef size_t word;

#define EVERY_OCTET(value) ((word)-1 / 255 * (value))

/* Where the conversion stands. Octets that need no change are not moved one by one: they wait
 * between `kept` and `in` until one must be put in or left out. */
struct conversion {
    const uint8_t *in;
    const uint8_t *end;
    const uint8_t *kept;
    uint8_t *out;
};

void stint_body_start(struct stint_body *body, bool eight_bit)
{
    memset(body, 0, sizeof *body);
    body->eight_bit = eight_bit;
}

bool stint_body_at_line_start(const struct stint_body *body)
{
    return body->line_length == 0;
}

/* The top bit of each octet of the result says if that octet of `value` needs a look: if it is
 * below 0x20, and for 7-bit content also if it is over 0x7F. A borrow can only come from an octet
 * that needs a look itself, so "none" is exact. */
static inline word special(word value, bool eight_bit)
{
    word low = value - EVERY_OCTET(0x20);

    return eight_bit ? low & ~value : low | value;
}

static inline word load(const uint8_t *octets)
{
    word value;

    memcpy(&value, octets, sizeof value);
    return value;
}

/* The first octet from `in` on that needs a look, or `end`. */
static inline const uint8_t *skip(const uint8_t *in, const uint8_t *end, bool eight_bit)
{
    const uint8_t highest = eight_bit ? 0xFF - 0x20 : 0x7F - 0x20;
    word found = 0;

    while ((size_t)(end - in) >= 2 * sizeof(word)) {
        found = special(load(in), eight_bit) | special(load(in + sizeof(word)), eight_bit);
        if ((found & EVERY_OCTET(0x80)) != 0) {
            break;
        }
        in += 2 * sizeof(word);
    }
    if ((size_t)(end - in) >= sizeof(word) &&
        (special(load(in), eight_bit) & EVERY_OCTET(0x80)) == 0) {
        in += sizeof(word);
    }
    while (in < end && (uint8_t)(*in - 0x20) <= highest) {
        in++;
    }
    return in;
}

/* Two copies, so that none asks at every word what content it is. */
static const uint8_t *skip_plain(const struct stint_body *body, const struct conversion *c)
{
    return body->eight_bit ? skip(c->in, c->end, true) : skip(c->in, c->end, false);
}

static void move_kept(struct conversion *c)
{
    size_t length = (size_t)(c->in - c->kept);

    memmove(c->out, c->kept, length);
    c->out += length;
    c->kept = c->in;
}

static void put(struct conversion *c, uint8_t octet)
{
    move_kept(c);
    *c->out++ = octet;
}

static void leave_out(struct conversion *c)
{
    move_kept(c);
    c->in++;
    c->kept = c->in;
}

/* CRLF passes as it is; a CR that ends the piece, or stands alone, gets its LF at once. */
static void carriage_return(struct stint_body *body, struct conversion *c)
{
    c->in++;
    if (c->in < c->end && *c->in == '\n') {
        c->in++;
    } else {
        body->after_cr = c->in == c->end;
        put(c, '\n');
    }
    body->line_length = 0;
}

static void line_feed(struct stint_body *body, struct conversion *c)
{
    put(c, '\r');
    c->in++;
    body->line_length = 0;
}

/* One octet that is no plain one. Returns false if it must not be sent. */
static bool special_octet(struct stint_body *body, struct conversion *c)
{
    switch (*c->in) {
    case '\r': carriage_return(body, c); return true;
    case '\n': line_feed(body, c); return true;
    case '\0': return false;
    default: body->line_length++; return *c->in++ < 0x80 && body->line_length <= LINE_MAX_OCTETS;
    }
}

int stint_body_convert(struct stint_body *body, uint8_t *octets, size_t gap, size_t length)
{
    struct conversion c = {octets + gap, octets + gap + length, octets + gap, octets};
    const uint8_t *plain;

    if (body->after_cr && length > 0) {
        body->after_cr = false;
        if (*c.in == '\n') {
            leave_out(&c);
        }
    }
    while (c.in < c.end) {
        if (body->line_length == 0 && *c.in == '.') {
            put(&c, '.');
        }
        plain = skip_plain(body, &c);
        if (plain - c.in > LINE_MAX_OCTETS - body->line_length) {
            return -1;
        }
        body->line_length = (uint16_t)(body->line_length + (plain - c.in));
        c.in = plain;
        if (c.in < c.end && !special_octet(body, &c)) {
            return -1;
        }
    }
    move_kept(&c);
    return (int)(c.out - octets);
}
