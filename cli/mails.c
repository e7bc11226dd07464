/* SPDX-License-Identifier: MIT */
#include "mails.h"

#include "print.h"
#include "status.h"

#include <stdlib.h>
#include <string.h>

static int complain_no_memory(void)
{
    complain("out of memory; nothing was sent");
    return STATUS_LOCAL;
}

static int make_room(struct mails *mails, size_t count)
{
    mails->all = calloc(count, sizeof *mails->all);
    if (mails->all == NULL) {
        return complain_no_memory();
    }
    mails->count = count;
    return STATUS_DONE;
}

/* To all whom --to names. */
static struct stint_recipient *recipients_of(const struct addresses *to, size_t *count)
{
    struct stint_recipient *recipients = calloc(to->count, sizeof *recipients);

    *count = to->count;
    for (size_t i = 0; recipients != NULL && i < to->count; i++) {
        recipients[i].address = to->list[i].address;
    }
    return recipients;
}

/* What is asked of the server, the same for every mail; each has as many recipients. */
static int ask(struct mails *mails, const struct options *options, size_t count)
{
    const struct values *given = &options->originals;

    mails->parameters = options->parameters;
    if (given->count == 0 || mails->originals != NULL) {
        mails->parameters.originals = mails->originals;
        return STATUS_DONE;
    }
    if (given->count > count) {
        complain("more of --orcpt than recipients; nothing was sent");
        return STATUS_USAGE;
    }
    mails->originals = calloc(count, sizeof *mails->originals);
    if (mails->originals == NULL) {
        return complain_no_memory();
    }
    for (size_t i = 0; i < given->count; i++) {
        mails->originals[i] = given->all[i][0] != '\0' ? given->all[i] : NULL;
    }
    mails->parameters.originals = mails->originals;
    return STATUS_DONE;
}

static int address(struct mail *mail, struct mails *mails, const struct options *options)
{
    struct stint_mail *envelope = &mail->envelope;
    size_t count;

    envelope->recipients = options->composes ? composition_recipients(&mails->composition, &count)
                                             : recipients_of(&mails->to, &count);
    if (envelope->recipients == NULL) {
        return complain_no_memory();
    }
    if (count > UINT16_MAX) {
        complain("more than 65535 recipients; nothing was sent");
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < count; i++) {
        envelope->recipients[i].notify = options->notify;
    }
    envelope->recipient_count = (uint16_t)count;
    envelope->parameters = options->has_parameters ? &mails->parameters : NULL;
    envelope->reverse_path = mails->from.count > 0 ? mails->from.list[0].address : "";
    envelope->policy = options->policy;
    envelope->eager = options->eager;
    envelope->source = &mail->message.source;
    return ask(mails, options, count);
}

static int open_message(struct mails *mails, size_t index, const struct options *options)
{
    const struct message_wish wish = {
        .binary = options->binary, .alone = mails->count == 1, .exact = options->eager};
    const char *path = options->file_count > 0 ? options->files[index] : NULL;

    if (options->composes) {
        return composition_open(&mails->composition, options, &mails->from, &mails->to,
                                &mails->all[0].message);
    }
    return message_open(&mails->all[index].message, path, wish);
}

static int read_addresses(struct mails *mails, const struct options *options)
{
    const char *from = options->from;
    const struct values one = {.all = &from, .count = *from != '\0', .room = 1};
    int status = addresses_read(&mails->from, "--from", &one, !options->composes);

    if (status == STATUS_DONE && mails->from.count > 1) {
        complain("--from '%.100s': more than one address; nothing was sent", from);
        return STATUS_USAGE;
    }
    return status == STATUS_DONE
               ? addresses_read(&mails->to, "--to", &options->to, !options->composes)
               : status;
}

int mails_open(struct mails *mails, const struct options *options)
{
    int status = make_room(mails, options->file_count > 0 ? options->file_count : 1);

    if (status == STATUS_DONE) {
        status = read_addresses(mails, options);
    }
    for (size_t i = 0; status == STATUS_DONE && i < mails->count; i++) {
        status = open_message(mails, i, options);
        if (status == STATUS_DONE) {
            status = address(&mails->all[i], mails, options);
        }
        if (i > 0) {
            mails->all[i - 1].envelope.next = &mails->all[i].envelope;
        }
    }
    return status;
}

const struct mail *mail_of(const struct stint_mail *envelope)
{
    return (const struct mail *)(const void *)envelope;
}

void mails_close(struct mails *mails)
{
    composition_close(&mails->composition);
    addresses_free(&mails->from);
    addresses_free(&mails->to);
    for (size_t i = 0; i < mails->count; i++) {
        message_close(&mails->all[i].message);
        free(mails->all[i].envelope.recipients);
    }
    free(mails->originals);
    free(mails->all);
    mails->all = NULL;
    mails->originals = NULL;
    mails->count = 0;
}
