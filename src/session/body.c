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

/* What follows in these comments is proved of this file (tests/proof/proof.sh): that the
 * conversion ends, never overtakes what it has not read, and writes at most twice what it reads. */
/*@ predicate ordered(uint8_t *low, uint8_t *high) =
        \base_addr(low) == \base_addr(high) && low <= high;
    predicate in_place(struct conversion *c) =
        \valid(c) && ordered(c->out, c->kept) && ordered(c->kept, c->in) &&
        ordered(c->in, c->end) && c->end - c->out <= 0x7FFFFFFF &&
        \valid(c->out + (0 .. c->end - c->out - 1)) &&
        \separated(c, c->out + (0 .. c->end - c->out - 1)); */

void stint_body_start(struct stint_body *body, bool eight_bit, bool dots)
{
    memset(body, 0, sizeof *body);
    body->eight_bit = eight_bit;
    body->keeps_dots = !dots;
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

/*@ requires \valid_read(octets + (0 .. sizeof(word) - 1));
    assigns \result \from octets[0 .. sizeof(word) - 1]; */
static inline word load(const uint8_t *octets)
{
    word value;

    memcpy(&value, octets, sizeof value);
    return value;
}

/* The first octet from `in` on that needs a look, or `end`. */
/*@ requires ordered(in, end) && \valid_read(in + (0 .. end - in - 1));
    assigns \result \from in, end, in[0 .. end - in - 1], eight_bit;
    ensures ordered(in, \result) && ordered(\result, end);
    ensures in < end && *in == '.' ==> in < \result; */
static inline const uint8_t *skip(const uint8_t *in, const uint8_t *end, bool eight_bit)
{
    const uint8_t highest = eight_bit ? 0xFF - 0x20 : 0x7F - 0x20;
    word found = 0;

    /*@ loop invariant ordered(\at(in, Pre), in) && ordered(in, end);
        loop assigns in, found;
        loop variant end - in; */
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
    /*@ loop invariant ordered(\at(in, Pre), in) && ordered(in, end);
        loop assigns in;
        loop variant end - in; */
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

/*@ requires in_place(c);
    assigns c->out, c->kept, c->out[0 .. c->in - c->kept - 1];
    ensures in_place(c) && c->kept == c->in && ordered(\old(c->out), c->out);
    ensures c->out == \old(c->out) + (c->in - \old(c->kept)); */
static void move_kept(struct conversion *c)
{
    size_t length = (size_t)(c->in - c->kept);

    memmove(c->out, c->kept, length);
    c->out += length;
    c->kept = c->in;
}

/*@ requires in_place(c) && c->out < c->kept;
    assigns c->out, c->kept, c->out[0 .. c->in - c->kept];
    ensures in_place(c) && c->kept == c->in && ordered(\old(c->out), c->out);
    ensures c->out == \old(c->out) + (c->in - \old(c->kept)) + 1; */
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
/*@ requires in_place(c) && c->out < c->kept && c->in < c->end;
    requires \valid(body) && body->line_length <= LINE_MAX_OCTETS;
    requires \separated(body, c, c->out + (0 .. c->end - c->out - 1));
    assigns *body, c->in, c->out, c->kept, c->out[0 .. c->in - c->kept + 1];
    ensures in_place(c) && ordered(\old(c->out), c->out) && ordered(\old(c->kept), c->kept);
    ensures \result ==> c->in > \old(c->in);
    ensures (c->out - \old(c->out)) + (c->in - c->kept) - \old(c->in - c->kept) <=
            2 * (c->in - \old(c->in));
    ensures \result ==> body->line_length <= LINE_MAX_OCTETS; */
static bool special_octet(struct stint_body *body, struct conversion *c)
{
    const uint8_t octet = *c->in;

    switch (octet) {
    case '\r': carriage_return(body, c); return true;
    case '\n': line_feed(body, c); return true;
    case '\0': return false;
    default: break;
    }
    c->in++;
    body->line_length++;
    return octet < 0x80 && body->line_length <= LINE_MAX_OCTETS;
}

/*@ requires length <= gap <= 0x3FFFFFFF;
    requires \valid(body) && \valid(octets + (0 .. gap + length - 1));
    requires \separated(body, octets + (0 .. gap + length - 1));
    requires body->line_length <= LINE_MAX_OCTETS;
    assigns *body, octets[0 .. gap + length - 1];
    ensures -1 <= \result <= 2 * length;
    ensures \result >= 0 ==> body->line_length <= LINE_MAX_OCTETS; */
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
    /*@ loop invariant in_place(&c) && c.end == octets + gap + length;
        loop invariant ordered(octets, c.out);
        loop invariant ordered(octets + gap, c.kept);
        loop invariant (c.out - octets) + (c.in - c.kept) <= 2 * (c.in - (octets + gap));
        loop invariant body->line_length <= LINE_MAX_OCTETS;
        loop assigns c, plain, *body, octets[0 .. gap + length - 1];
        loop variant c.end - c.in; */
    while (c.in < c.end) {
        if (body->line_length == 0 && *c.in == '.' && !body->keeps_dots) {
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
