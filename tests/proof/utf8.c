/* SPDX-License-Identifier: MIT */

/*
 * What is UTF-8: all texts of at most SHORT octets, which is one more than a character has.
 */

#define SHORT 5

#include "texts.h"

#include "message/utf8.h"

static void check(const char *text)
{
    (void)stint_utf8_fault(text, 0);
    (void)stint_utf8_fault(text, ' ');
}

int main(void)
{
    (void)stint_utf8_fault(NULL, 0);
    short_texts(check);
    return 0;
}
