/* SPDX-License-Identifier: MIT */

/*
 * Names of files: all paths of at most SHORT octets; and such as do not fit in one line, or are
 * longer than a name may be, with END octets of any value; and of as many characters that are not
 * ASCII as a name may have, so that it takes all the lines there are.
 *
 * What the functions do that are only declared here, and stint_put, is proved by other drivers.
 */

#define SHORT 4
#define END   2
#define MOST  254

#include "texts.h"

#include "put.h"

#include "message/filename.h"
#include "message/quoted.h"
#include "message/utf8.h"

static void check(const char *path)
{
    struct stint_composer composer = {0};

    stint_put_filename(&composer, path);
}

static void long_name(void)
{
    char memory[MOST + 1];
    size_t i;

    /*@ loop unroll MOST; */
    for (i = 0; i < MOST; i++) {
        memory[i] = (char)(i % 2 == 0 ? 0xC3 : 0x80 + any_number(0x3F));
    }
    memory[MOST] = '\0';
    check(memory);
}

int main(void)
{
    short_texts(check);
    long_text(60, 58, END, check);
    long_text(256, 254, END, check);
    long_name();
    return 0;
}
