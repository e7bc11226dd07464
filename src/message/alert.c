/* SPDX-License-Identifier: MIT */
#include "stint/message.h"

const struct stint_mail *stint_alert(struct stint_alert *alert, const char *from, const char *to,
                                     const char *subject, const char *text)
{
    struct stint_message *message = &alert->message;

    alert->to.address = to;
    alert->recipient.address = to;
    message->from.address = from;
    message->to.list = &alert->to;
    message->to.count = 1;
    message->subject = subject;
    message->text = text;
    (void)stint_compose(&alert->composer, message); /* what is wrong stint_start sees */
    alert->mail.reverse_path = from;
    alert->mail.recipients = &alert->recipient;
    alert->mail.recipient_count = 1;
    alert->mail.source = &alert->composer.source;
    return &alert->mail;
}
