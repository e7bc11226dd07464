/* SPDX-License-Identifier: MIT */
#include "alert.h"

#include "print.h"
#include "status.h"

#include "stint_posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void write_recipients(FILE *to, const struct options *options)
{
    fputs("To: ", to);
    for (size_t i = 0; i < options->to_count; i++) {
        fprintf(to, "%s%s", i == 0 ? "" : ",\r\n ", options->to[i].address);
    }
    fputs("\r\n", to);
}

/* RFC 5322 3.3. The names of days and months are English: this program sets no locale. */
static void write_date(FILE *to)
{
    char text[64];
    time_t now = time(NULL);
    struct tm local;

    if (localtime_r(&now, &local) != NULL &&
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S %z", &local) > 0) {
        fprintf(to, "Date: %s\r\n", text);
    }
}

/* Whose names the ID is unique among (RFC 5322 3.6.4): this host's, or else the sender's. */
static const char *id_domain(const struct options *options)
{
    const char *at = strrchr(options->from, '@');

    if (options->helo != NULL && options->helo[0] != '[') {
        return options->helo;
    }
    return at != NULL ? at + 1 : "stint.invalid";
}

static bool write_message_id(FILE *to, const struct options *options)
{
    uint8_t random[16];

    if (stint_posix_entropy(NULL, random, sizeof random) != 1) {
        return false;
    }
    fputs("Message-ID: <", to);
    for (size_t i = 0; i < sizeof random; i++) {
        fprintf(to, "%02x", random[i]);
    }
    fprintf(to, "@%s>\r\n", id_domain(options));
    return true;
}

static void write_text(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            fputc('\r', to);
        }
        fputc(*text, to);
    }
}

static bool write_all(FILE *to, const struct options *options)
{
    const char *text = options->text != NULL ? options->text : "";
    bool has_id;

    fprintf(to, "From: %s\r\n", options->from);
    write_recipients(to, options);
    if (options->subject != NULL) {
        fprintf(to, "Subject: %s\r\n", options->subject);
    }
    write_date(to);
    has_id = write_message_id(to, options);
    fputs("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n", to);
    write_text(to, text);
    if (*text != '\0' && text[strlen(text) - 1] != '\n') {
        fputs("\r\n", to);
    }
    return has_id;
}

int alert_write(struct alert *alert, const struct options *options)
{
    FILE *to = open_memstream(&alert->octets, &alert->length);
    bool good = to != NULL && write_all(to, options);

    if (to != NULL && fclose(to) != 0) {
        good = false;
    }
    if (good) {
        return STATUS_DONE;
    }
    complain("the message cannot be made: no memory or no randomness; nothing was sent");
    return STATUS_LOCAL;
}

void alert_free(struct alert *alert)
{
    free(alert->octets);
    alert->octets = NULL;
}
