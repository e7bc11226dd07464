/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct stint_mailbox to = {"Ops, night shift", "b@example.org"};
static const struct stint_message message = {
    .from = {"Pumpe für Öl", "a@example.com"},
    .to = {&to, 1},
    .subject = "Ölstand niedrig",
    .id = "4711@example.com",
    .unix_time = 1794000000,
    .text = ".\nTank 3: 12 %\n\nÖl nachfüllen.\n",
};
static const char log_text[] = "12:00 40\r\n13:00 26\r\n14:00 12\r\n.\r\n";
static const struct stint_part part = {
    .name = "Füllstand.txt", .type = "text/plain", .size = sizeof log_text - 1, .octets = log_text};

static void require(bool is_right, const char *what)
{
    if (!is_right) {
        fprintf(stderr, "the report that is composed: %s\n", what);
        exit(2);
    }
}

void report_compose(struct stint_letter_composer *composer, const char *text, size_t length)
{
    const struct stint_source *source = &composer->composer.source;
    uint8_t octets[4096];
    size_t n = 0;
    int got;

    require(stint_compose_files(composer, &message, &part, 1) == STINT_MESSAGE_GOOD, "is refused");
    while ((got = source->read(source->context, octets + n, sizeof octets - n)) > 0) {
        n += (size_t)got;
    }
    require(got == STINT_SOURCE_END && source->size == n, "has not its size");
    if (n != length || memcmp(octets, text, n) != 0) {
        fwrite(octets, 1, n, stderr);
        require(false, "is above, and is not the transcript's");
    }
    require(source->rewind(source->context) == 0, "cannot be read again");
}
