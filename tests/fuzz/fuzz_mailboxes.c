/* SPDX-License-Identifier: MIT */

/*
 * Lists of mailboxes as people write them.
 *
 * Input: how many there may be, and the list.
 * Promise: a good one is of addresses, and of names without control characters; written anew it is
 * read as the same. Of a bad one is told where in it.
 */

#include "fuzz.h"

#include "session/syntax.h"
#include "stint/mailboxes.h"

#define MOST 8

struct text {
    char octets[8192];
    size_t length;
};

static void put(struct text *text, char c)
{
    PROMISE(text->length < sizeof text->octets);
    text->octets[text->length++] = c;
}

static void put_string(struct text *text, const char *string)
{
    for (; *string != '\0'; string++) {
        put(text, *string);
    }
}

static void put_name(struct text *text, const char *name)
{
    put(text, '"');
    for (; *name != '\0'; name++) {
        PROMISE((uint8_t)*name >= ' ' && *name != 0x7F);
        if (*name == '"' || *name == '\\') {
            put(text, '\\');
        }
        put(text, *name);
    }
    put_string(text, "\" ");
}

static void write_anew(struct text *text, const struct stint_mailbox *mailboxes, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        PROMISE(stint_syntax_mailbox(mailboxes[i].address));
        put_string(text, i > 0 ? ", " : "");
        if (mailboxes[i].name != NULL) {
            put_name(text, mailboxes[i].name);
        }
        put(text, '<');
        put_string(text, mailboxes[i].address);
        put(text, '>');
    }
    put(text, '\0');
}

static bool same(const char *name, const char *other)
{
    return name != NULL && other != NULL ? strcmp(name, other) == 0 : name == other;
}

static void check(const struct stint_mailbox *mailboxes, size_t count)
{
    static struct text text;
    struct stint_mailbox again[MOST];
    size_t i;

    text.length = 0;
    write_anew(&text, mailboxes, count);
    PROMISE(stint_mailboxes_parse(text.octets, again, MOST, NULL) == count);
    for (i = 0; i < count; i++) {
        PROMISE(same(mailboxes[i].name, again[i].name));
        PROMISE(strcmp(mailboxes[i].address, again[i].address) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t most = take_octet(&input) % (MOST + 1);
    char *list = exact_string(input.octets, input.left);
    struct stint_mailbox *mailboxes = malloc((most > 0 ? most : 1) * sizeof *mailboxes);
    struct stint_mailboxes_error error;
    size_t length = strlen(list);
    size_t count;

    PROMISE(mailboxes != NULL);
    count = stint_mailboxes_parse(list, mailboxes, most, &error);
    PROMISE(count <= most && error.offset <= length);
    PROMISE((count > 0) == (error.fault == STINT_MAILBOXES_GOOD));
    if (length < 2000) {
        check(mailboxes, count);
    }
    free(mailboxes);
    free(list);
    return 0;
}
