/* SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <ctype.h>
#include <string.h>

/* RFC 3461 4. */
static void append_xtext(char *line, size_t room, const char *text)
{
    for (; *text != '\0'; text++) {
        bool is_plain = isgraph((unsigned char)*text) && strchr("+=", *text) == NULL;

        rule_append(line, room, is_plain ? "%c" : "+%02X", (unsigned char)*text);
    }
}

/* RFC 3461 4.3, 4.4; RFC 4954 5; RFC 8689 4.2; RFC 6710; RFC 2852 4; RFC 4865. */
void parameters_of_mail(char *line, size_t room, const struct stint_mail_parameters *asked)
{
    static const char *const returns[] = {"", " RET=FULL", " RET=HDRS"};

    if (asked == NULL) {
        return;
    }
    rule_append(line, room, "%s", returns[asked->returns]);
    if (asked->envelope_id != NULL) {
        rule_append(line, room, " ENVID=");
        append_xtext(line, room, asked->envelope_id);
    }
    if (asked->submitter != NULL) {
        rule_append(line, room, " AUTH=%s", *asked->submitter == '\0' ? "<>" : "");
        append_xtext(line, room, asked->submitter);
    }
    rule_append(line, room, "%s", asked->requires_tls ? " REQUIRETLS" : "");
    if (asked->priority != 0) {
        rule_append(line, room, " MT-PRIORITY=%d", asked->priority);
    }
    if (asked->deliver_by_s != 0) {
        rule_append(line, room, " BY=%lu;%c%s", (unsigned long)asked->deliver_by_s,
                    "RN"[asked->late], asked -> traces_relay ? "T" : "");
    }
    if (asked->hold_for_s != 0) {
        rule_append(line, room, " HOLDFOR=%lu", (unsigned long)asked->hold_for_s);
    }
    if (asked->hold_until != NULL) {
        rule_append(line, room, " HOLDUNTIL=%s", asked->hold_until);
    }
}

static const char *original_of(const struct stint_mail *mail, size_t recipient)
{
    bool has_any = mail->parameters != NULL && mail->parameters->originals != NULL;

    return has_any ? mail->parameters->originals[recipient] : NULL;
}

/* RFC 3461 4.1, 4.2. */
void parameters_of_recipient(char *line, size_t room, const struct stint_mail *mail,
                             size_t recipient)
{
    static const char *const notify[] = {"",
                                         " NOTIFY=SUCCESS",
                                         " NOTIFY=FAILURE",
                                         " NOTIFY=SUCCESS,FAILURE",
                                         " NOTIFY=DELAY",
                                         " NOTIFY=SUCCESS,DELAY",
                                         " NOTIFY=FAILURE,DELAY",
                                         " NOTIFY=SUCCESS,FAILURE,DELAY",
                                         " NOTIFY=NEVER"};
    const char *original = original_of(mail, recipient);

    rule_append(line, room, "%s", notify[mail->recipients[recipient].notify]);
    if (original != NULL) {
        int type = (int)strcspn(original, ";");

        rule_append(line, room, " ORCPT=%.*s;", type, original);
        append_xtext(line, room, original + type + 1);
    }
}

static bool asks_for_dsn(const struct stint_mail *mail)
{
    bool asks = mail->parameters != NULL &&
                (mail->parameters->returns != 0 || mail->parameters->envelope_id != NULL);
    size_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        asks = asks || mail->recipients[i].notify != 0 || original_of(mail, i) != NULL;
    }
    return asks;
}

/* RFC 2852 4: the shortest time is that of a mail which is to come back. */
static bool is_too_short(const struct offer *offer, const struct stint_mail_parameters *asked)
{
    return asked->late == STINT_LATE_RETURN && asked->deliver_by_s < offer->by_min;
}

static bool is_too_long(const struct offer *offer, const struct stint_mail_parameters *asked)
{
    return offer->hold_max > 0 && asked->hold_for_s > offer->hold_max;
}

enum stint_field parameters_misfit(const struct rule *rule, const struct stint_mail *mail)
{
    const struct stint_mail_parameters *asked = mail->parameters;
    const struct offer *offer = &rule->offer;

    if (asks_for_dsn(mail) && !offer->dsn) {
        return STINT_FIELD_DSN;
    }
    if (asked == NULL) {
        return STINT_FIELD_NONE;
    }
    if (asked->submitter != NULL && !offer->auth) {
        return STINT_FIELD_SUBMITTER;
    }
    if (asked->requires_tls && !(offer->requires_tls && rule->secure)) {
        return STINT_FIELD_REQUIRE_TLS;
    }
    if (asked->priority != 0 && !offer->priority) {
        return STINT_FIELD_PRIORITY;
    }
    if (asked->deliver_by_s != 0 && (!offer->deliver_by || is_too_short(offer, asked))) {
        return STINT_FIELD_DELIVER_BY;
    }
    if ((asked->hold_for_s != 0 || asked->hold_until != NULL) &&
        (!offer->hold || is_too_long(offer, asked))) {
        return STINT_FIELD_HOLD;
    }
    return STINT_FIELD_NONE;
}
