/* SPDX-License-Identifier: MIT */

/*
 * Fields that a letter may have: all texts and names of at most SHORT octets, names that begin as a
 * field that there is, and such as are longer than is allowed, with END octets of any value.
 *
 * What the functions do that are only declared here, and stint_put, is proved by other drivers.
 */

#define SHORT 4
#define END   3
#define LONG  910

#include "texts.h"

#include "put.h"

#include "message/fields.h"
#include "message/words.h"

/*@ requires text == \null || \valid_read(text);
    assigns composer->position \from composer->position, text[0 ..];
    assigns composer->column \from composer->column, text[0 ..];
    assigns composer->fault \from composer->fault, text[0 ..]; */
void stint_put_words(struct stint_composer *composer, const char *text, bool quoted);

/*@ requires count == 0 || \valid_read(list + (0 .. count - 1));
    assigns composer->position \from composer->position, list[0 .. count - 1];
    assigns composer->column \from composer->column, list[0 .. count - 1];
    assigns composer->fault \from composer->fault, list[0 .. count - 1]; */
void stint_put_mailboxes(struct stint_composer *composer, const struct stint_mailbox *list,
                         size_t count);

static void check_text(const char *text)
{
    struct stint_composer composer = {.column = any_number(2 * STINT_LINE)};

    stint_put_bracket_field(&composer, "References:", text);
}

static void check_name(const char *name)
{
    struct stint_composer composer = {0};
    struct stint_header extra = {name, any_more() ? name : NULL};

    stint_put_extra_field(&composer, &extra);
}

/* `begin` and any octets. */
static void name(const char *begin, size_t length)
{
    char memory[LONG];
    size_t i;

    /*@ loop unroll LONG; */
    for (i = 0; i < length; i++) {
        memory[LONG - END - 1 - length + i] = begin[i];
    }
    /*@ loop unroll END; */
    for (i = 0; i < END; i++) {
        memory[LONG - END - 1 + i] = (char)any_octet();
    }
    memory[LONG - 1] = '\0';
    check_name(memory + LONG - END - 1 - length);
}

static void mailboxes(void)
{
    struct stint_composer composer = {0};
    struct stint_mailbox list[2] = {{NULL, ""}, {"", NULL}};

    stint_put_mailbox_field(&composer, "Cc:", list, any_number(2));
}

int main(void)
{
    check_text(NULL);
    check_name(NULL);
    short_texts(check_text);
    short_texts(check_name);
    long_text(908, 903, END, check_text);
    long_text(66, 63, END, check_name);
    name("Message-ID", 10);
    name("Conten", 6);
    mailboxes();
    return 0;
}
