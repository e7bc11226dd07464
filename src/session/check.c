/* SPDX-License-Identifier: MIT */
#include "sasl/sasl.h"
#include "session/lmtp.h"
#include "session/parameters.h"
#include "session/session.h"
#include "session/syntax.h"
#include "stint/config.h"

#define DURATION_MAX_MS 0x7FFFFFFFU
#define IDLE_MAX_MS     (STINT_MAILS ? 300000U : 0U) /* RFC 5321 4.5.3.2.7 */
#define PASSWORD_MAX    255
#define TOKEN_MAX       8000 /* RFC 4954 4: it must fit into a line of 12,288, in base64 */

static bool is_clear(const struct stint_account *account)
{
    return account->security == STINT_SECURITY_NONE;
}

/* RFC 6750 2.1 knows less; but nothing of it may end what it stands in (RFC 7628 3.1). */
static bool is_of_token(uint8_t octet)
{
    return octet > ' ' && octet <= '~';
}

/* Nothing of it ends a string or a line (RFC 4616 2). */
static bool is_of_password(uint8_t octet)
{
    return octet != '\0' && octet != '\r' && octet != '\n';
}

/* Wherever it lies. */
static bool secret_is_sound(const struct stint_account *account)
{
    bool is_token = STINT_OAUTH && account->credential == STINT_CREDENTIAL_TOKEN;
    size_t most = is_token ? TOKEN_MAX : PASSWORD_MAX;
    size_t length = 0;
    uint8_t octet;

    while (stint_sasl_secret(account, length, &octet, 1) > 0) {
        if (!(is_token ? is_of_token(octet) : is_of_password(octet)) || ++length > most) {
            return false;
        }
    }
    return length > 0 && (is_token || account->credential == STINT_CREDENTIAL_PASSWORD);
}

/* The handshake has shown it, and nothing is told here. */
static bool has_certificate(const struct stint_account *account)
{
    return STINT_EXTERNAL && account->credential == STINT_CREDENTIAL_CERTIFICATE;
}

static bool user_is_sound(const struct stint_account *account)
{
    return !is_clear(account) && (stint_syntax_user(account->user) ||
                                  (has_certificate(account) && account->user[0] == '\0'));
}

/* One secret for a user, and none without. */
static bool credentials_are_sound(const struct stint_account *account)
{
    bool has_string = account->password != NULL;
    bool has_secret = account->secret != NULL;

    if (account->user == NULL || has_certificate(account)) {
        return !has_string && !has_secret;
    }
    return has_string != has_secret && secret_is_sound(account);
}

static enum stint_field faulty_field(const struct stint_account *account)
{
    if (account->host == NULL || !stint_syntax_host(account->host)) {
        return STINT_FIELD_HOST;
    }
    if (account->security > STINT_SECURITY_NONE) {
        return STINT_FIELD_SECURITY;
    }
    if (!stint_lmtp_is_sound(account)) {
        return STINT_FIELD_LMTP;
    }
    if (account->ehlo_name != NULL && !stint_syntax_ehlo_name(account->ehlo_name)) {
        return STINT_FIELD_EHLO_NAME;
    }
    if (account->user != NULL && !user_is_sound(account)) {
        return STINT_FIELD_USER;
    }
    if (!credentials_are_sound(account)) {
        return STINT_FIELD_PASSWORD;
    }
    if (account->mechanism != NULL && (account->user == NULL || !stint_sasl_is_known(account))) {
        return STINT_FIELD_MECHANISM;
    }
    if (account->timeout_ms > DURATION_MAX_MS || account->deadline_ms > DURATION_MAX_MS ||
        account->idle_ms > IDLE_MAX_MS) {
        return STINT_FIELD_TIMEOUT;
    }
    return STINT_FIELD_NONE;
}

static enum stint_field faulty_recipient(const struct stint_mail *mail, uint16_t *index)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (mail->recipients[i].address == NULL ||
            !stint_syntax_recipient(mail->recipients[i].address) ||
            !stint_parameters_notify_is_sound(mail->recipients[i].notify)) {
            *index = i;
            return STINT_FIELD_RECIPIENT;
        }
    }
    return STINT_FIELD_NONE;
}

enum stint_field stint_session_check_mail(const struct stint_mail *mail, uint16_t *recipient)
{
    enum stint_field field;

    if (mail->reverse_path == NULL ||
        (mail->reverse_path[0] != '\0' && !stint_syntax_sender(mail->reverse_path))) {
        return STINT_FIELD_REVERSE_PATH;
    }
    if (mail->recipients == NULL || mail->recipient_count == 0) {
        return STINT_FIELD_RECIPIENT;
    }
    if (mail->source == NULL || mail->source->read == NULL ||
        mail->source->content > STINT_CONTENT_BINARY) {
        return STINT_FIELD_SOURCE;
    }
    if (mail->policy > STINT_POLICY_ALL) {
        return STINT_FIELD_POLICY;
    }
    if (!STINT_MAILS && mail->next != NULL) {
        return STINT_FIELD_NEXT;
    }
    field = stint_parameters_fault(mail, recipient);
    return field != STINT_FIELD_NONE ? field : faulty_recipient(mail, recipient);
}

bool stint_session_check(const struct stint_account *account, const struct stint_mail *mail,
                         struct stint_result *result)
{
    enum stint_field field = faulty_field(account);

    if (field == STINT_FIELD_NONE && mail != NULL) {
        field = stint_session_check_mail(mail, &result->recipient);
    }
    result->field = (uint8_t)field;
    return field == STINT_FIELD_NONE;
}
