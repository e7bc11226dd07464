/* SPDX-License-Identifier: MIT */

/*
 * Quoted-printable and encoded words: all texts of at most SHORT octets, from any column; and a
 * line of letters with END octets of any value where it is full.
 *
 * What stint_put does is stated in put.h, and proved by writer.c.
 */

#define SHORT 5
#define END   4

#include "texts.h"

#include "put.h"

#include "message/quoted.h"

static void check_line(const char *text)
{
    struct stint_composer composer = {.next.text = text};

    stint_put_quoted_line(&composer);
    /*@ assert text <= composer.next.text; */
    /*@ assert \valid_read(composer.next.text); */
}

static void check(const char *text)
{
    struct stint_composer composer = {.column = any_number(2 * STINT_LINE)};

    if (*text != '\0') {
        stint_put_encoded_words(&composer, text);
    }
    check_line(text);
}

int main(void)
{
    size_t at;

    short_texts(check);
    /*@ loop unroll 8; */
    for (at = STINT_LINE - 8; at < STINT_LINE; at++) {
        long_text(STINT_LINE + END, at, END, check_line);
    }
    return 0;
}
