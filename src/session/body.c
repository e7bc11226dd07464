/* SPDX-License-Identifier: MIT */
#include "session/body.h"

#include <string.h>

#define LINE_MAX_OCTETS 998U

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

/* Has a word only octets that need no look: 0x20 and up, and none over 0x7F that `high` marks? A
 * borrow can only come from an octet that is looked for, so the answer is exact. */
static word special(const uint8_t *octets, word high)
{
    word value;

    memcpy(&value, octets, sizeof value);
    return (((value - EVERY_OCTET(0x20)) & ~value) | (value & high)) & EVERY_OCTET(0x80);
}

/* How many octets from `octets` on need no look. */
static size_t plain_run(const uint8_t *octets, size_t length, bool eight_bit)
{
    word high = eight_bit ? 0 : EVERY_OCTET(0x80);
    size_t n = 0;

    while (length - n >= 2 * sizeof(word) &&
           (special(octets + n, high) | special(octets + n + sizeof(word), high)) == 0) {
        n += 2 * sizeof(word);
    }
    while (n < length && octets[n] >= 0x20 && (octets[n] < 0x80 || eight_bit)) {
        n++;
    }
    return n;
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
    size_t run;

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
        run = plain_run(c.in, (size_t)(c.end - c.in), body->eight_bit);
        if (run > LINE_MAX_OCTETS - body->line_length) {
            return -1;
        }
        c.in += run;
        body->line_length = (uint16_t)(body->line_length + run);
        if (c.in < c.end && !special_octet(body, &c)) {
            return -1;
        }
    }
    move_kept(&c);
    return (int)(c.out - octets);
}
