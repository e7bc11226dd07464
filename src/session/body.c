/* SPDX-License-Identifier: MIT */
#include "session/body.h"

#include <string.h>

#define LINE_MAX_OCTETS 998

typedef size_t word;

#define STRIDE    (2 * sizeof(word))
#define HALF_LINE (5 * sizeof(word)) /* two of these, and MIME's lines of 76 octets are seen */

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
/*@ assigns \result \from value, eight_bit; */
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

/* The same of the two words at `octets`. */
/*@ requires \valid_read(octets + (0 .. STRIDE - 1));
    assigns \result \from octets[0 .. STRIDE - 1], eight_bit; */
static inline word special_pair(const uint8_t *octets, bool eight_bit)
{
    return special(load(octets), eight_bit) | special(load(octets + sizeof(word)), eight_bit);
}

/* The first octet from `in` on that needs a look, or `end`. */
/*@ requires ordered(in, end) && \valid_read(in + (0 .. end - in - 1));
    assigns \result \from in, end, in[0 .. end - in - 1], eight_bit;
    ensures ordered(in, \result) && ordered(\result, end);
    ensures in < end && *in == '.' ==> in < \result; */
static inline const uint8_t *skip(const uint8_t *in, const uint8_t *end, bool eight_bit)
{
    const uint8_t highest = eight_bit ? 0xFF - 0x20 : 0x7F - 0x20;

    /*@ loop invariant ordered(\at(in, Pre), in) && ordered(in, end);
        loop assigns in;
        loop variant end - in; */
    while ((size_t)(end - in) >= STRIDE && (special_pair(in, eight_bit) & EVERY_OCTET(0x80)) == 0) {
        in += STRIDE;
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
/*@ requires in_place(c) && \valid_read(body);
    assigns \result \from c->in, c->end, c->in[0 .. c->end - c->in - 1], body->eight_bit;
    ensures ordered(c->in, \result) && ordered(\result, c->end);
    ensures c->in < c->end && *c->in == '.' ==> c->in < \result; */
static const uint8_t *skip_plain(const struct stint_body *body, const struct conversion *c)
{
    return body->eight_bit ? skip(c->in, c->end, true) : skip(c->in, c->end, false);
}

/* The same of five words. */
/*@ requires \valid_read(octets + (0 .. HALF_LINE - 1));
    assigns \result \from octets[0 .. HALF_LINE - 1]; */
static inline word special_half_line(const uint8_t *octets)
{
    return special_pair(octets, false) | special_pair(octets + STRIDE, false) |
           special(load(octets + 2 * STRIDE), false);
}

/* Do `length` octets need no look? */
/*@ requires HALF_LINE <= length <= LINE_MAX_OCTETS && \valid_read(in + (0 .. length - 1));
    assigns \result \from in[0 .. length - 1]; */
static inline bool is_plain(const uint8_t *in, size_t length)
{
    const uint8_t *last = in + length - HALF_LINE; /* it overlaps those before */
    word found = special_half_line(last);

    /*@ loop invariant ordered(\at(in, Pre), in) && in <= last + HALF_LINE;
        loop assigns in, found;
        loop variant last - in; */
    for (; in < last; in += HALF_LINE) {
        found |= special_half_line(in);
    }
    return (found & EVERY_OCTET(0x80)) == 0;
}

/* Pass over lines of `length` octets, as the one before, in which nothing is to be changed. Not
 * with words of 4 octets: it would save less than its code is worth. */
/*@ requires ordered(in, end) && \valid_read(in + (0 .. end - in - 1));
    requires length <= LINE_MAX_OCTETS;
    assigns \result \from in, end, in[0 .. end - in - 1], length;
    ensures ordered(in, \result) && ordered(\result, end); */
static inline const uint8_t *skip_lines(const uint8_t *in, const uint8_t *end, size_t length)
{
#if SIZE_MAX > UINT32_MAX
    const uint8_t *last;

    if (length < HALF_LINE || (size_t)(end - in) < length + 2 || in[length] != '\r') {
        return in;
    }
    last = end - (length + 2);
    /*@ loop invariant ordered(\at(in, Pre), in) && ordered(in, end);
        loop assigns in;
        loop variant end - in; */
    while (in <= last && in[length] == '\r' && in[length + 1] == '\n' && *in != '.' &&
           is_plain(in, length)) {
        in += length + 2;
    }
#else
    (void)end;
    (void)length;
#endif
    return in;
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
    ensures \result ==> (c->out - \old(c->out)) + (c->in - c->kept) - \old(c->in - c->kept) >=
                        c->in - \old(c->in);
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

/* Read up to a special octet, and that one. Returns false if it must not be sent. */
/*@ requires in_place(c) && c->in < c->end && c->kept - c->out >= c->end - c->in;
    requires \valid(body) && body->line_length <= LINE_MAX_OCTETS;
    requires \separated(body, c, c->out + (0 .. c->end - c->out - 1));
    assigns *body, c->in, c->out, c->kept, c->out[0 .. c->end - c->out - 1];
    ensures \result ==> in_place(c) && c->in > \old(c->in);
    ensures \result ==> ordered(\old(c->out), c->out) && ordered(\old(c->kept), c->kept);
    ensures \result ==> (c->out - \old(c->out)) + (c->in - c->kept) - \old(c->in - c->kept) <=
                        2 * (c->in - \old(c->in));
    ensures \result ==> (c->out - \old(c->out)) + (c->in - c->kept) - \old(c->in - c->kept) >=
                        c->in - \old(c->in);
    ensures \result ==> body->line_length <= LINE_MAX_OCTETS; */
static bool up_to_special(struct stint_body *body, struct conversion *c)
{
    const uint8_t *plain;
    size_t length_of_line;

    if (body->line_length == 0 && *c->in == '.' && !body->keeps_dots) {
        put(c, '.');
    }
    plain = skip_plain(body, c);
    if (plain - c->in > LINE_MAX_OCTETS - body->line_length) {
        return false;
    }
    body->line_length = (uint16_t)(body->line_length + (plain - c->in));
    c->in = plain;
    length_of_line = body->line_length;
    if (c->in < c->end && !special_octet(body, c)) {
        return false;
    }
    if (c->in - plain == 2) { /* that was CRLF */
        c->in = skip_lines(c->in, c->end, length_of_line);
    }
    return true;
}

/*@ requires length <= gap <= 0x3FFFFFFF;
    requires \valid(body) && \valid(octets + (0 .. gap + length - 1));
    requires \separated(body, octets + (0 .. gap + length - 1));
    requires body->line_length <= LINE_MAX_OCTETS;
    assigns *body, octets[0 .. gap + length - 1];
    ensures -1 <= \result <= 2 * length;
    ensures \result == 0 && length > 0 ==> \old(body->after_cr);
    ensures \result >= 0 ==> body->line_length <= LINE_MAX_OCTETS; */
int stint_body_convert(struct stint_body *body, uint8_t *octets, size_t gap, size_t length)
{
    struct conversion c = {octets + gap, octets + gap + length, octets + gap, octets};

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
        loop invariant (c.out - octets) + (c.in - c.kept) >= c.in - (octets + gap) ||
                       \at(body->after_cr, Pre);
        loop invariant body->line_length <= LINE_MAX_OCTETS;
        loop assigns c, *body, octets[0 .. gap + length - 1];
        loop variant c.end - c.in; */
    while (c.in < c.end) {
        if (!up_to_special(body, &c)) {
            return -1;
        }
    }
    move_kept(&c);
    return (int)(c.out - octets);
}
