/* SPDX-License-Identifier: MIT */

/*
 * The reader of IP addresses, from strings in memory that ends with their NUL: all of at most SHORT
 * octets; and such as fill an address, from which any END octets follow.
 *
 * The octet behind the address is there because Frama-C allows no pointer to the end of a block for
 * memmove, even if nothing is to be moved; that it is not written is asserted.
 */

#define SHORT 4
#define END   3
#define MOST  8 /* groups */

#include "texts.h"

#include "tls/address.h"

static void check(const char *text)
{
    uint8_t address[17];
    uint8_t octets = stint_address(text, address);

    /*@ assert !\initialized(&address[16]); */
    /*@ assert octets == 0 || octets == 4 || octets == 16; */
}

/* "x:x:", `groups` of it, and an end. */
static void long_string(size_t groups)
{
    char memory[2 * MOST + END + 1];
    char *text = memory + 2 * (MOST - groups);
    size_t i;

    /*@ loop unroll MOST; */
    for (i = 0; i < groups; i++) {
        text[2 * i] = (char)('0' + any_number(9));
        text[2 * i + 1] = ':';
    }
    /*@ loop unroll END; */
    for (i = 2 * groups; i < 2 * groups + END; i++) {
        text[i] = (char)any_octet();
    }
    text[i] = '\0';
    check(text);
}

int main(void)
{
    short_texts(check);
    long_string(5);
    long_string(6);
    long_string(7);
    long_string(8);
    return 0;
}
