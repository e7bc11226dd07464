/* SPDX-License-Identifier: MIT */
#include "composition.h"

#include "html.h"
#include "print.h"
#include "status.h"

#include "stint_posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Seconds for a clock and a zone: "+0100" is 60 minutes. */
#define ZONE_ROOM 8

static int complain_no_memory(void)
{
    complain("out of memory; nothing was sent");
    return STATUS_LOCAL;
}

static int refuse(const char *option, const char *value, const char *why)
{
    complain("%s '%.100s': %s; nothing was sent", option, value, why);
    return STATUS_USAGE;
}

/* ---- The source ---- */

static const struct message *file_being_read(const struct composition *composition)
{
    const struct attachment *current = composition->attachments.current;

    return current != NULL ? &current->file : NULL;
}

/* What fails is a file: it is what to tell of. */
static void note_failure(struct composition *composition)
{
    const struct message *file = file_being_read(composition);

    if (file != NULL && file->failure != NULL) {
        composition->message->name = file->name;
        composition->message->failure = file->failure;
    }
}

static int read_composed(void *context, uint8_t *buffer, size_t room)
{
    struct composition *composition = context;
    struct message *message = composition->message;
    struct stint_source *source = &composition->composer.composer.source;
    int got = source->read(source->context, buffer, room);

    if (got > 0) {
        message->handed += (uint64_t)got;
    } else if (got == STINT_SOURCE_END) {
        message->ended = true;
    } else if (got == STINT_SOURCE_AGAIN) {
        message->descriptor = message_descriptor(file_being_read(composition));
    } else {
        note_failure(composition);
    }
    return got;
}

static int rewind_composed(void *context)
{
    struct composition *composition = context;
    struct stint_source *source = &composition->composer.composer.source;

    composition->message->handed = 0;
    composition->message->ended = false;
    return source->rewind(source->context);
}

static void be_source(struct composition *composition, struct message *message)
{
    memset(message, 0, sizeof *message);
    message->source = composition->composer.composer.source;
    message->source.read = read_composed;
    message->source.rewind = composition->attachments.flows ? NULL : rewind_composed;
    message->source.context = composition;
    message->name = "the message";
    message->descriptor = -1;
    message->octets = message->source.size;
    composition->message = message;
}

/* ---- What is wrong ---- */

static int complain_mailbox(const char *option, const struct addresses *addresses, unsigned item,
                            const char *why)
{
    complain("%s: the name of <%s> %s; nothing was sent", option, addresses->list[item].address,
             why);
    return STATUS_USAGE;
}

static const char *what_of_part(unsigned fault)
{
    return fault == STINT_MESSAGE_SYNTAX     ? "its name or type"
           : fault == STINT_MESSAGE_TOO_LONG ? "its name or size"
                                             : "its name";
}

static int complain_part(const struct composition *composition, unsigned item, const char *why)
{
    const struct stint_part *part = &composition->letter.parts[item];

    complain("%s '%.100s': %s %s; nothing was sent", part->id != NULL ? "--inline" : "--attach",
             composition->attachments.all[item].path,
             what_of_part(composition->composer.composer.fault), why);
    return STATUS_USAGE;
}

static int complain_value(const char *option, const char *why)
{
    complain("%s %s; nothing was sent", option, why);
    return STATUS_USAGE;
}

static int complain_fault(const struct composition *composition)
{
    const struct stint_composer *composer = &composition->composer.composer;
    const char *why = stint_message_fault_name(composer->fault);

    switch (composer->field) {
    case STINT_MESSAGE_FROM: return complain_mailbox("--from", composition->from, 0, why);
    case STINT_MESSAGE_TO: return complain_mailbox("--to", composition->to, composer->item, why);
    case STINT_MESSAGE_CC: return complain_mailbox("--cc", &composition->cc, composer->item, why);
    case STINT_MESSAGE_REPLY_TO:
        return complain_mailbox("--reply-to", &composition->reply_to, composer->item, why);
    case STINT_MESSAGE_SUBJECT: return complain_value("--subject", why);
    case STINT_MESSAGE_TEXT: return complain_value("--text", why);
    case STINT_MESSAGE_HTML: return complain_value("--html", why);
    case STINT_MESSAGE_EXTRA:
        return refuse("--header", composition->headers[composer->item].name, why);
    case STINT_MESSAGE_PART: return complain_part(composition, composer->item, why);
    case STINT_MESSAGE_ID:
        complain("the Message-ID %s; nothing was sent", why);
        return STATUS_LOCAL;
    default:
        complain("--header '%s': its value %s; nothing was sent",
                 stint_message_field_name(composer->field), why);
        return STATUS_USAGE;
    }
}

/* ---- The header ---- */

/* Minutes east of UTC, by TZ or the system's zone. */
static int16_t zone_at(uint64_t unix_time)
{
    char text[ZONE_ROOM] = "";
    time_t now = (time_t)unix_time;
    struct tm local;
    long zone;

    if (localtime_r(&now, &local) == NULL || strftime(text, sizeof text, "%z", &local) != 5) {
        return 0;
    }
    zone = strtol(text, NULL, 10);
    zone = zone / 100 * 60 + zone % 100;
    if (zone <= -STINT_ZONE_UTC || zone >= STINT_ZONE_UTC) {
        return 0; /* no place on earth has it */
    }
    return zone == 0 ? STINT_ZONE_UTC : (int16_t)zone;
}

static bool put_author(struct stint_letter *letter, const char *text)
{
    if (strcasecmp(text, "auto-generated") == 0) {
        letter->author = STINT_AUTHOR_DEVICE;
    } else if (strcasecmp(text, "auto-replied") == 0) {
        letter->author = STINT_AUTHOR_RESPONDER;
    } else {
        return strcasecmp(text, "no") == 0;
    }
    return true;
}

static bool put_priority(struct stint_letter *letter, const char *text)
{
    if (strcasecmp(text, "high") == 0) {
        letter->priority = STINT_PRIORITY_HIGH;
    } else if (strcasecmp(text, "low") == 0) {
        letter->priority = STINT_PRIORITY_LOW;
    } else {
        return strcasecmp(text, "normal") == 0;
    }
    return true;
}

static int put_once(const char **to, const char *name, const char *text)
{
    if (*to != NULL) {
        return refuse("--header", name, "it is given twice");
    }
    *to = text;
    return STATUS_DONE;
}

/* Some fields have a place of their own in a letter. */
static int put_header(struct composition *composition, const char *name, const char *text)
{
    struct stint_letter *letter = &composition->letter;

    if (strcasecmp(name, "In-Reply-To") == 0) {
        return put_once(&letter->in_reply_to, name, text);
    } else if (strcasecmp(name, "References") == 0) {
        return put_once(&letter->references, name, text);
    } else if (strcasecmp(name, "List-Unsubscribe") == 0) {
        return put_once(&letter->list_unsubscribe, name, text);
    } else if (strcasecmp(name, "Auto-Submitted") == 0) {
        return put_author(letter, text)
                   ? STATUS_DONE
                   : refuse("--header", name, "it is not auto-generated, auto-replied or no");
    } else if (strcasecmp(name, "Importance") == 0) {
        return put_priority(letter, text)
                   ? STATUS_DONE
                   : refuse("--header", name, "it is not high, normal or low");
    } else {
        composition->headers[letter->extra_count++] =
            (struct stint_header){.name = name, .text = text};
    }
    return STATUS_DONE;
}

/* NAME: TEXT, as in a header. */
static int read_header(struct composition *composition, const char *value)
{
    char *name = strdup(value);
    char *colon = name != NULL ? strchr(name, ':') : NULL;

    composition->header_texts[composition->header_count++] = name;
    if (name == NULL) {
        return complain_no_memory();
    }
    if (colon == NULL) {
        return refuse("--header", value, "it is not NAME: TEXT");
    }
    *colon = '\0';
    return put_header(composition, name, colon + 1 + strspn(colon + 1, " "));
}

static int read_headers(struct composition *composition, const struct values *values)
{
    int status = STATUS_DONE;

    if (values->count == 0) {
        return STATUS_DONE;
    }
    composition->headers = calloc(values->count, sizeof *composition->headers);
    composition->header_texts = calloc(values->count, sizeof *composition->header_texts);
    if (composition->headers == NULL || composition->header_texts == NULL) {
        return complain_no_memory();
    }
    for (size_t i = 0; i < values->count && status == STATUS_DONE; i++) {
        status = read_header(composition, values->all[i]);
    }
    composition->letter.extra = composition->headers;
    return status;
}

static int read_addresses(struct composition *composition, const struct options *options)
{
    int status = addresses_read(&composition->cc, "--cc", &options->cc, false);

    if (status == STATUS_DONE) {
        status = addresses_read(&composition->bcc, "--bcc", &options->bcc, false);
    }
    if (status == STATUS_DONE) {
        status = addresses_read(&composition->reply_to, "--reply-to", &options->reply_to, false);
    }
    if (status == STATUS_DONE) {
        status = read_headers(composition, &options->headers);
    }
    return status;
}

/* ---- The bodies ---- */

static int show(struct composition *composition, const struct attachment *attachment)
{
    char *html;
    bool is_shown;

    html = html_with_id(composition->html, attachment_name(attachment), attachment->id, &is_shown);
    if (html == NULL) {
        return complain_no_memory();
    }
    free(composition->html);
    composition->html = html;
    if (!is_shown) {
        complain("--inline '%.100s': the HTML does not say where: \"cid:%.100s\"; nothing was sent",
                 attachment->path, attachment_name(attachment));
        return STATUS_USAGE;
    }
    return STATUS_DONE;
}

static int flow(struct composition *composition, const char *text)
{
    size_t length = stint_flow(NULL, 0, text);

    composition->text = malloc(length);
    if (composition->text == NULL) {
        return complain_no_memory();
    }
    (void)stint_flow(composition->text, length, text);
    return STATUS_DONE;
}

static int read_bodies(struct composition *composition, const struct options *options)
{
    struct attachments *attachments = &composition->attachments;
    const char *address = composition->from->list[0].address;
    int status = attachments_open(attachments, options, strrchr(address, '@'));

    if (status == STATUS_DONE && options->flowed) {
        status = flow(composition, options->text);
    }
    if (status != STATUS_DONE || options->html == NULL) {
        return status;
    }
    composition->html = strdup(options->html);
    if (composition->html == NULL) {
        return complain_no_memory();
    }
    for (size_t i = 0; i < options->shown.count && status == STATUS_DONE; i++) {
        status = show(composition, &attachments->all[i]);
    }
    return status;
}

static void fill(struct composition *composition, const struct options *options)
{
    struct stint_letter *letter = &composition->letter;
    struct stint_message *message = &letter->message;
    bool has_body = options->html != NULL || composition->attachments.count > 0;

    message->from = composition->from->list[0];
    message->to = addresses_of(composition->to);
    message->subject = options->subject != NULL ? options->subject : "";
    message->text = options->text == NULL && !has_body ? "" : options->text;
    if (options->flowed) {
        message->text = composition->text;
        letter->flowed = true;
    }
    message->entropy = stint_posix_entropy;
    message->unix_time = stint_posix_unix_time();
    letter->zone = zone_at(message->unix_time);
    letter->cc = addresses_of(&composition->cc);
    letter->bcc = addresses_of(&composition->bcc);
    letter->reply_to = addresses_of(&composition->reply_to);
    letter->html = composition->html;
    letter->parts = composition->attachments.parts;
    letter->part_count = composition->attachments.count;
}

int composition_open(struct composition *composition, const struct options *options,
                     const struct addresses *from, const struct addresses *to,
                     struct message *message)
{
    int status;

    composition->from = from;
    composition->to = to;
    composition->letter.author = STINT_AUTHOR_PERSON;
    status = read_addresses(composition, options);
    if (status == STATUS_DONE) {
        status = read_bodies(composition, options);
    }
    if (status != STATUS_DONE) {
        return status;
    }
    fill(composition, options);
    if (stint_compose_letter(&composition->composer, &composition->letter) != STINT_MESSAGE_GOOD) {
        return complain_fault(composition);
    }
    be_source(composition, message);
    return STATUS_DONE;
}

/* ---- The envelope ---- */

/* Of a domain the case of letters is nothing (RFC 5321 2.4). */
static bool is_same(const char *a, const char *b)
{
    size_t local = (size_t)(strrchr(a, '@') - a);

    return strncmp(a, b, local) == 0 && strcasecmp(a + local, b + local) == 0;
}

static bool is_among(const struct stint_recipient *recipients, size_t count, const char *address)
{
    for (size_t i = 0; i < count; i++) {
        if (is_same(address, recipients[i].address)) {
            return true;
        }
    }
    return false;
}

struct stint_recipient *composition_recipients(const struct composition *composition, size_t *count)
{
    size_t most = stint_letter_recipients(&composition->letter, NULL, 0);
    struct stint_recipient *recipients = calloc(most, sizeof *recipients);

    *count = 0;
    if (recipients == NULL) {
        return NULL;
    }
    stint_letter_recipients(&composition->letter, recipients, most);
    for (size_t i = 0; i < most; i++) {
        if (!is_among(recipients, *count, recipients[i].address)) {
            recipients[(*count)++] = recipients[i];
        }
    }
    return recipients;
}

void composition_close(struct composition *composition)
{
    if (composition->message != NULL) {
        composition->message->descriptor = -1; /* a file's */
    }
    for (size_t i = 0; i < composition->header_count; i++) {
        free(composition->header_texts[i]);
    }
    free(composition->header_texts);
    free(composition->headers);
    free(composition->html);
    free(composition->text);
    addresses_free(&composition->cc);
    addresses_free(&composition->bcc);
    addresses_free(&composition->reply_to);
    attachments_close(&composition->attachments);
}
