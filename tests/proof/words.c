/* SPDX-License-Identifier: MIT */

/*
 * Strings of the header, and mailboxes: all texts of at most SHORT octets, and such as are longer
 * than a word may be, with END octets of any value where it must have ended.
 *
 * What the functions do that are only declared here, and stint_put, is proved by other drivers.
 */

#define SHORT 5
#define END   3

#include "texts.h"

#include "mailbox.h"
#include "put.h"

#include "message/words.h"

/*@ requires \valid_read(text) && *text != 0;
    assigns composer->position \from composer->position, text[0 ..];
    assigns composer->column \from composer->column, text[0 ..]; */
void stint_put_encoded_words(struct stint_composer *composer, const char *text);

static void check(const char *text)
{
    struct stint_composer composer = {.column = any_number(2 * STINT_LINE)};
    struct stint_mailbox mailboxes[2] = {{NULL, text}, {text, any_more() ? text : NULL}};

    /*@ split *text > 0; */
    /*@ split *text < 0; */
    stint_put_words(&composer, text, false);
    stint_put_words(&composer, text, true);
    composer.fault = STINT_MESSAGE_GOOD;
    stint_put_mailboxes(&composer, mailboxes, any_number(2));
}

int main(void)
{
    short_texts(check);
    long_text(66, 63, END, check);
    return 0;
}
