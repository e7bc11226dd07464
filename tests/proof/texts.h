/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_TEXTS_H
#define STINT_PROOF_TEXTS_H

/*
 * Texts in memory that ends with their NUL: so a read behind it is an alarm.
 */

#include "any.h"

#ifndef SHORT
#define SHORT 4
#endif
#ifndef LONG
#define LONG 320
#endif

/* All texts of at most SHORT octets. */
static void short_texts(void (*check)(const char *text))
{
    char memory[SHORT + 1];
    size_t i, n;

    memory[SHORT] = '\0';
    /*@ loop unroll SHORT + 1; */
    for (n = 0; n <= SHORT; n++) {
        /*@ loop unroll SHORT; */
        for (i = SHORT - n; i < SHORT; i++) {
            memory[i] = (char)any_octet();
        }
        check(memory + SHORT - n);
    }
}

/* All of `length` letters with `any` octets of any value at `at`. */
static void long_text(size_t length, size_t at, size_t any, void (*check)(const char *text))
{
    char memory[LONG + 1];
    char *text = memory + LONG - length;
    size_t i;

    /*@ loop unroll LONG; */
    for (i = 0; i < length; i++) {
        text[i] = (char)('a' + any_number(25));
    }
    /*@ loop unroll LONG; */
    for (i = at; i < at + any; i++) {
        text[i] = (char)any_octet();
    }
    text[length] = '\0';
    check(text);
}

#endif
