/* SPDX-License-Identifier: MIT */
#include "session/recipients.h"

#include "session/capabilities.h"
#include "session/enhanced.h"

#include <string.h>

/* X.5.3: too many recipients (RFC 3463 3.6). */
#define PROTOCOL_STATUS     5
#define TOO_MANY_RECIPIENTS 3

/* Another transaction needs the message once more; and who wants all or none has them asked in
 * one. */
static bool may_split(const struct stint_mail *mail)
{
    return mail->policy == STINT_POLICY_ANY && mail->source->rewind != NULL;
}

static const char *domain(const char *address)
{
    const char *found = "";

    for (; *address != '\0'; address++) {
        if (*address == '@') {
            found = address + 1;
        }
    }
    return found;
}

static char lower(char octet)
{
    return octet >= 'A' && octet <= 'Z' ? (char)(octet - 'A' + 'a') : octet;
}

static bool is_same(const char *one, const char *other)
{
    while (*one != '\0' && lower(*one) == lower(*other)) {
        one++;
        other++;
    }
    return *one == *other;
}

/* Is anybody of this domain in the transaction? Those before him who were asked in an earlier one
 * are settled. */
static bool domain_is_known(const struct stint_mail *mail, uint16_t index)
{
    const char *wanted = domain(mail->recipients[index].address);
    uint16_t i;

    for (i = 0; i < index; i++) {
        if (mail->recipients[i].state != STINT_RECIPIENT_WAITS &&
            mail->recipients[i].state != STINT_RECIPIENT_SETTLED &&
            is_same(domain(mail->recipients[i].address), wanted)) {
            return true;
        }
    }
    return false;
}

/* RFC 9422 4: RCPTMAX and RCPTDOMAINMAX. */
static bool fits(struct stint_session *session, const struct stint_mail *mail, uint16_t index)
{
    const uint16_t *limits = session->capabilities.limits;
    bool is_new = limits[STINT_LIMIT_RCPTDOMAINMAX] > 0 && !domain_is_known(mail, index);

    if (may_split(mail) &&
        ((limits[STINT_LIMIT_RCPTMAX] > 0 && session->asked >= limits[STINT_LIMIT_RCPTMAX]) ||
         (is_new && session->domains >= limits[STINT_LIMIT_RCPTDOMAINMAX]))) {
        session->result->extensions |= STINT_EXTENSION_LIMITS;
        return false;
    }
    session->domains = (uint16_t)(session->domains + is_new);
    return true;
}

void stint_recipients_start(struct stint_session *session)
{
    session->asked = 0;
    session->unanswered = 0;
    session->taken = 0;
    session->domains = 0;
}

bool stint_recipients_ask(struct stint_session *session)
{
    const struct stint_mail *mail = session->writer.mail;
    uint16_t i;

    for (i = session->writer.recipient; i < mail->recipient_count; i++) {
        if (mail->recipients[i].state == STINT_RECIPIENT_WAITS && fits(session, mail, i)) {
            mail->recipients[i].state = STINT_RECIPIENT_ASKED;
            mail->recipients[i].code = 0; /* what he was told before has decided nothing */
            memset(&mail->recipients[i].enhanced, 0, sizeof mail->recipients[i].enhanced);
            session->writer.recipient = i;
            session->asked++;
            session->unanswered++;
            return true;
        }
    }
    return false;
}

bool stint_recipients_follow(struct stint_session *session)
{
    const struct stint_mail *mail = session->reader.mail;
    uint16_t i;

    for (i = session->reader.recipient; i < mail->recipient_count; i++) {
        if (mail->recipients[i].state == STINT_RECIPIENT_ASKED) {
            session->reader.recipient = i;
            return true;
        }
    }
    return false;
}

/* RFC 5321 4.5.3.1.10 has 452 for it, and had 552. Both say other things, too, and an enhanced
 * status code tells which. Only where somebody was taken can there have been too many. */
bool stint_recipients_were_too_many(const struct stint_session *session)
{
    uint16_t code = session->reply.code;
    struct stint_enhanced status = stint_enhanced_value(&session->enhanced, code);

    return (code == 452 || code == 552) && session->taken > 0 && !session->content_begun &&
           may_split(session->reader.mail) &&
           (status.status_class == 0 ||
            (status.subject == PROTOCOL_STATUS && status.detail == TOO_MANY_RECIPIENTS));
}

bool stint_recipients_wait(const struct stint_mail *mail)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (mail->recipients[i].state == STINT_RECIPIENT_WAITS) {
            return true;
        }
    }
    return false;
}

void stint_recipients_give_up(const struct stint_mail *mail)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (mail->recipients[i].state == STINT_RECIPIENT_WAITS) {
            mail->recipients[i].state = STINT_RECIPIENT_SETTLED;
        }
    }
}
