/* SPDX-License-Identifier: MIT */
#include "addresses.h"

#include "idn.h"
#include "print.h"
#include "status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST UINT16_MAX

static int complain_no_memory(const char *option)
{
    complain("%s: out of memory; nothing was sent", option);
    return STATUS_LOCAL;
}

/* Values may be long, and are told of by how they begin. */
static int complain_list(const char *option, const char *value,
                         const struct stint_mailboxes_error *error)
{
    if (error->fault == STINT_MAILBOXES_EMPTY) {
        complain("%s '%.100s': an address is missing; nothing was sent", option, value);
    } else {
        complain("%s '%.100s': what begins with '%.60s' %s; nothing was sent", option, value,
                 value + error->offset, stint_mailboxes_fault_name(error->fault));
    }
    return STATUS_USAGE;
}

/* Mailboxes that may be in it. */
static size_t most_in(const char *text)
{
    size_t most = 1;

    for (; *text != '\0'; text++) {
        most += *text == ',';
    }
    return most;
}

/* `text` with other octets in place of those from `begin` to `end`, which point into it. */
static char *replace(const char *text, const char *begin, const char *end, const char *other)
{
    size_t before = (size_t)(begin - text);
    size_t room = before + strlen(other) + strlen(end) + 1;
    char *copy = malloc(room);

    if (copy != NULL) {
        snprintf(copy, room, "%.*s%s%s", (int)before, text, other, end);
    }
    return copy;
}

static int complain_domain(const char *option, const char *domain, enum idn_result why)
{
    if (why == IDN_NO_LIBRARY) {
        complain(
            "%s '%.100s': a domain that is not ASCII needs libidn2, which this machine does not "
            "have: give its A-labels (xn--...); nothing was sent",
            option, domain);
    } else {
        complain("%s '%.100s': it is no domain; nothing was sent", option, domain);
    }
    return STATUS_USAGE;
}

static bool is_ascii(const char *begin, const char *end)
{
    while (begin < end && (unsigned char)*begin < 0x80) {
        begin++;
    }
    return begin == end;
}

/* The address at `offset` of `*text` is not ASCII: write its domain as A-labels. */
static int name_domain(const char *option, char **text, const struct stint_mailboxes_error *error)
{
    const char *begin = *text + error->offset;
    const char *end;
    char *domain;
    char *ascii;
    char *named;
    enum idn_result result;

    while ((unsigned char)*begin < 0x80 && *begin != '@') {
        begin++;
    }
    if (*begin != '@') { /* it is the local part */
        return complain_list(option, *text, error);
    }
    begin++;
    end = begin + strcspn(begin, ",> \t");
    if (is_ascii(begin, end)) { /* it is what stands behind the domain */
        return complain_list(option, *text, error);
    }
    domain = strndup(begin, (size_t)(end - begin));
    if (domain == NULL) {
        return complain_no_memory(option);
    }
    result = idn_to_ascii(domain, &ascii);
    if (result != IDN_DONE) {
        complain_domain(option, domain, result);
        free(domain);
        return STATUS_USAGE;
    }
    named = replace(*text, begin, end, ascii);
    free(ascii);
    free(domain);
    if (named == NULL) {
        return complain_no_memory(option);
    }
    free(*text);
    *text = named;
    return STATUS_DONE;
}

/* One whose local part is not ASCII, without a name: it goes as it is, to a server that offers
 * SMTPUTF8. */
static bool is_international(const char *text)
{
    const char *at = strchr(text, '@');

    for (; at != NULL && text < at; text++) {
        if ((unsigned char)*text > 0x7F) {
            return at[strcspn(at, "<>,\" \t")] == '\0';
        }
        if (strchr("<>,\" \t", *text) != NULL) {
            return false;
        }
    }
    return false;
}

static int add_list(struct addresses *addresses, const char *option, char **text,
                    bool international)
{
    struct stint_mailboxes_error error;
    struct stint_mailbox *list = addresses->list + addresses->count;
    size_t most = most_in(*text);
    size_t count = 0;
    int status = STATUS_DONE;

    if (international && is_international(*text)) {
        *list = (struct stint_mailbox){.address = *text};
        count = 1;
    }
    while (status == STATUS_DONE && count == 0) {
        char *copy = strdup(*text);

        if (copy == NULL) {
            return complain_no_memory(option);
        }
        count = stint_mailboxes_parse(copy, list, most, &error);
        if (count > 0) {
            free(*text);
            *text = copy; /* which the list points into */
            break;
        }
        free(copy);
        status = error.fault == STINT_MAILBOXES_NOT_ASCII ? name_domain(option, text, &error)
                                                          : complain_list(option, *text, &error);
    }
    if (addresses->count + count > MOST) {
        complain("%s: more than 65535 addresses; nothing was sent", option);
        return STATUS_USAGE;
    }
    addresses->count = (uint16_t)(addresses->count + count);
    return status;
}

static int add(struct addresses *addresses, const char *option, const char *value,
               bool international)
{
    size_t room = addresses->count + most_in(value);
    void *more = realloc(addresses->list, room * sizeof *addresses->list);
    char **text = &addresses->texts[addresses->text_count++];

    addresses->list = more != NULL ? more : addresses->list;
    *text = strdup(value);
    return more != NULL && *text != NULL ? add_list(addresses, option, text, international)
                                         : complain_no_memory(option);
}

int addresses_read(struct addresses *addresses, const char *option, const struct values *values,
                   bool international)
{
    int status = STATUS_DONE;

    if (values->count == 0) {
        return STATUS_DONE;
    }
    addresses->texts = calloc(values->count, sizeof *addresses->texts);
    if (addresses->texts == NULL) {
        return complain_no_memory(option);
    }
    for (size_t i = 0; i < values->count && status == STATUS_DONE; i++) {
        status = add(addresses, option, values->all[i], international);
    }
    return status;
}

struct stint_mailboxes addresses_of(const struct addresses *addresses)
{
    return (struct stint_mailboxes){.list = addresses->list, .count = addresses->count};
}

void addresses_free(struct addresses *addresses)
{
    for (size_t i = 0; i < addresses->text_count; i++) {
        free(addresses->texts[i]);
    }
    free(addresses->texts);
    free(addresses->list);
    memset(addresses, 0, sizeof *addresses);
}
