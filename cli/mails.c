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

static int address(struct mail *mail, const struct options *options)
{
    size_t size = options->to_count * sizeof *options->to;

    mail->envelope.recipients = malloc(size);
    if (mail->envelope.recipients == NULL) {
        return complain_no_memory();
    }
    memcpy(mail->envelope.recipients, options->to, size);
    mail->envelope.recipient_count = (uint16_t)options->to_count;
    for (size_t i = 0; i < options->to_count; i++) {
        mail->envelope.recipients[i].notify = options->notify;
    }
    mail->envelope.parameters = options->has_parameters ? &options->parameters : NULL;
    mail->envelope.reverse_path = options->from;
    mail->envelope.policy = options->policy;
    mail->envelope.eager = options->eager;
    mail->envelope.source = &mail->message.source;
    return STATUS_DONE;
}

static int open_alert(struct mails *mails, const struct options *options)
{
    int status = alert_write(&mails->alert, options);

    message_in_memory(&mails->all[0].message, mails->alert.octets, mails->alert.length);
    return status;
}

static int open_message(struct mails *mails, size_t index, const struct options *options)
{
    const struct message_wish wish = {
        .binary = options->binary, .alone = mails->count == 1, .exact = options->eager};
    const char *path = options->file_count > 0 ? options->files[index] : NULL;

    if (options->subject != NULL || options->text != NULL) {
        return open_alert(mails, options);
    }
    return message_open(&mails->all[index].message, path, wish);
}

int mails_open(struct mails *mails, const struct options *options)
{
    int status = make_room(mails, options->file_count > 0 ? options->file_count : 1);

    for (size_t i = 0; status == STATUS_DONE && i < mails->count; i++) {
        status = open_message(mails, i, options);
        if (status == STATUS_DONE) {
            status = address(&mails->all[i], options);
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
    for (size_t i = 0; i < mails->count; i++) {
        message_close(&mails->all[i].message);
        free(mails->all[i].envelope.recipients);
    }
    free(mails->all);
    alert_free(&mails->alert);
    memset(mails, 0, sizeof *mails);
}
