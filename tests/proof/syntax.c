/* SPDX-License-Identifier: MIT */

/*
 * The gate for the caller's strings, in memory that ends with their NUL: all strings of at most
 * SHORT octets; and such as cross every limit of RFC 5321 4.5.3.1, of any octets where the function
 * goes by octets alone, of any letters and an end of any octets where it looks for labels and dots.
 */

#define SHORT 7
#define LONG  300
#define END   2

#include "mailbox.h"
#include "texts.h"

#include "session/international.h"
#include "session/syntax.h"

static void check_mail(const char *text)
{
    struct stint_source source = {0};
    struct stint_recipient recipient = {.address = text};
    struct stint_mail mail = {.reverse_path = text, .recipients = &recipient, .recipient_count = 1};

    mail.source = &source;
    (void)stint_international_is_needed(&mail);
}

static void check(const char *text)
{
    (void)stint_syntax_host(text);
    (void)stint_syntax_ehlo_name(text);
    (void)stint_syntax_address(text);
    (void)stint_syntax_mailbox(text);
    (void)stint_syntax_sender(text);
    (void)stint_syntax_recipient(text);
    (void)stint_syntax_user(text);
    check_mail(text);
}

static void long_strings(void)
{
    char memory[LONG + 1];
    size_t i;

    memory[LONG] = '\0';
    /*@ loop unroll LONG; */
    for (i = 0; i < LONG; i++) {
        memory[i] = (char)any_octet();
    }
    (void)stint_syntax_host(memory);
    (void)stint_syntax_user(memory);
    /*@ loop unroll LONG; */
    for (i = 0; i < LONG - END; i++) {
        memory[i] = (char)('a' + any_number(25));
    }
    check(memory);
    check(memory + LONG - 66);
}

int main(void)
{
    short_texts(check);
    long_strings();
    return 0;
}
