/* SPDX-License-Identifier: MIT */

/*
 * Texts in base64, and the choice of it: all texts of at most SHORT octets, where a line begins and
 * behind the CR that stands for a line end; and such as fill a line, with END octets of any value
 * where it ends.
 *
 * What stint_put does is stated in put.h, and proved by writer.c.
 */

#define SHORT 5
#define END   4

#include "texts.h"

#include "put.h"

#include "message/base64_lines.h"
#include "message/encoding.h"

static void check_line(const char *text)
{
    struct stint_composer composer = {.next.text = text};

    stint_put_base64_text(&composer);
    /*@ assert text <= composer.next.text; */
    /*@ assert \valid_read(composer.next.text); */
}

static void check(const char *text)
{
    struct stint_composer composer = {.next.text = text, .next.offset = 1};

    (void)stint_encoding_of(text);
    check_line(text);
    stint_put_base64_text(&composer);
    /*@ assert text <= composer.next.text; */
    /*@ assert \valid_read(composer.next.text); */
}

int main(void)
{
    short_texts(check);
    long_text(STINT_BASE64_OCTETS + END, STINT_BASE64_OCTETS - 2, END, check_line);
    long_text(STINT_BASE64_OCTETS + 2, STINT_BASE64_OCTETS + 2 - END, END, check);
    return 0;
}
