/* SPDX-License-Identifier: MIT */
#include "session/limits.h"

#if STINT_LIMITS

#include "session/capabilities.h"
#include "session/enhanced.h"
#include "session/recipients.h"

#include <string.h>

/* X.5.3: too many recipients (RFC 3463 3.6). */
#define PROTOCOL_STATUS     5
#define TOO_MANY_RECIPIENTS 3

/* RFC 9422 4.1. */
bool stint_limits_allow_transaction(const struct stint_session *session)
{
    uint16_t limit = session->capabilities.limits[STINT_LIMIT_MAILMAX];

    return limit == 0 || session->transactions < limit;
}

/* ---- So many domains in a session (RFC 9422 4.3) ---- */

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

/* Was anybody of this domain asked in this session? */
static bool domain_is_known(const struct stint_session *session, const struct stint_mail *last,
                            const char *wanted)
{
    const struct stint_mail *mail = session->first_mail;
    const struct stint_mail *end = last->next;
    uint16_t i;

    for (; mail != end; mail = mail->next) {
        for (i = 0; i < mail->recipient_count && mail->recipients != NULL; i++) {
            if (mail->recipients[i].state != STINT_RECIPIENT_WAITS &&
                mail->recipients[i].state != STINT_RECIPIENT_LEFT_OUT &&
                is_same(domain(mail->recipients[i].address), wanted)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_of_another_domain(const struct stint_session *session, const struct stint_mail *mail,
                                 uint16_t index)
{
    return session->capabilities.limits[STINT_LIMIT_RCPTDOMAINMAX] > 0 &&
           !domain_is_known(session, mail, domain(mail->recipients[index].address));
}

/* Who is of one too many cannot be asked in this session at all. Where nobody is to get it without
 * him, it is for the server to refuse him. */
static bool is_barred(const struct stint_session *session, const struct stint_mail *mail,
                      uint16_t index)
{
    return mail->policy == STINT_POLICY_ANY && is_of_another_domain(session, mail, index) &&
           session->domains >= session->capabilities.limits[STINT_LIMIT_RCPTDOMAINMAX];
}

bool stint_limits_allow_mail(const struct stint_session *session, const struct stint_mail *mail)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (stint_recipient_waits(&mail->recipients[i]) && !is_barred(session, mail, i)) {
            return true;
        }
    }
    return false;
}

/* ---- So many recipients in a transaction ---- */

/* Another transaction needs the message once more; and who wants all or none has them asked in
 * one. */
static bool may_split(const struct stint_mail *mail)
{
    return mail->policy == STINT_POLICY_ANY && mail->source->rewind != NULL;
}

/* RFC 9422 4.2. */
bool stint_limits_allow_recipient(struct stint_session *session, const struct stint_mail *mail,
                                  uint16_t index)
{
    uint16_t limit = session->capabilities.limits[STINT_LIMIT_RCPTMAX];
    bool is_full = limit > 0 && session->asked >= limit && may_split(mail);

    if (is_barred(session, mail, index)) {
        mail->recipients[index].state = STINT_RECIPIENT_LEFT_OUT;
        is_full = true;
    }
    if (is_full) {
        session->result->extensions |= STINT_EXTENSION_LIMITS;
    } else {
        session->domains =
            (uint16_t)(session->domains + is_of_another_domain(session, mail, index));
    }
    return !is_full;
}

/* RFC 5321 4.5.3.1.10 has 452 for it, and had 552. Both say other things, too, and an enhanced
 * status code tells which. Only where somebody was taken can there have been too many. */
bool stint_limits_were_exceeded(const struct stint_session *session)
{
    uint16_t code = session->reply.code;
    struct stint_enhanced status = stint_enhanced_value(&session->enhanced, code);

    return (code == 452 || code == 552) && session->taken > 0 && !session->content_begun &&
           may_split(session->reader.mail) && stint_limits_allow_transaction(session) &&
           (status.status_class == 0 ||
            (status.subject == PROTOCOL_STATUS && status.detail == TOO_MANY_RECIPIENTS));
}

bool stint_limits_left_some(const struct stint_mail *mail)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (stint_recipient_waits(&mail->recipients[i])) {
            return true;
        }
    }
    return false;
}

bool stint_limits_split(const struct stint_session *session)
{
    return session->result->error == STINT_ERROR_NONE &&
           stint_limits_left_some(session->reader.mail) && stint_limits_allow_transaction(session);
}

#endif
