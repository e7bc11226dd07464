/* SPDX-License-Identifier: MIT */

/*
 * The reader of mailboxes: all lists of at most SHORT octets; and some with END octets of any
 * value behind a mailbox or two, or in one.
 *
 * What stint_syntax_mailbox does is stated in mailbox.h, and proved by syntax.c.
 */

#define SHORT 5
#define END   4
#define MOST  2
#define BEGIN 11

#include "mailbox.h"
#include "texts.h"

#include "stint/mailboxes.h"

static void check(const char *list)
{
    struct stint_mailbox mailboxes[MOST];
    struct stint_mailboxes_error error;
    size_t n = stint_mailboxes_parse((char *)list, mailboxes, MOST, &error);

    /*@ assert n <= MOST; */
}

/* `begin` and any octets. */
static void list(const char *begin)
{
    char memory[BEGIN + END + 1];
    size_t i;

    /*@ loop unroll BEGIN; */
    for (i = 0; i < BEGIN; i++) {
        memory[i] = begin[i];
    }
    /*@ loop unroll END; */
    for (; i < BEGIN + END; i++) {
        memory[i] = (char)any_octet();
    }
    memory[i] = '\0';
    check(memory);
}

int main(void)
{
    short_texts(check);
    list("A <a@b.c> ,");
    list("\"A\\\"\" <a@b.");
    list("a@b, c@d.e,");
    (void)stint_mailboxes_fault_name(any_number(UINT16_MAX));
    return 0;
}
