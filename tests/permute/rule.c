/* SPDX-License-Identifier: MIT */
#include "rule.h"

#include "inside.h"
#include "mails.h"

#include <stdio.h>
#include <string.h>

void rule_wrong(struct rule *rule, const char *what, const char *about, size_t length)
{
    size_t n = 0;

    if (rule->wrong[0] == '\0') {
        while (n < length && n < 60 && about[n] >= ' ') {
            n++;
        }
        snprintf(rule->wrong, sizeof rule->wrong, "%s: %.*s", what, (int)n, about);
    }
}

enum stint_stage rule_position(const struct rule *rule)
{
    return rule->said_count > 0 ? rule->said[0].stage : rule->next;
}

size_t rule_mail(const struct rule *rule)
{
    return rule->said_count > 0 ? rule->said[0].mail : rule->mail;
}

struct verdict *rule_verdict(struct rule *rule)
{
    return &rule->verdicts[rule_mail(rule)];
}

struct transaction *rule_transaction(struct rule *rule)
{
    return &rule->transactions[rule_mail(rule)];
}

void rule_waits(struct rule *rule, enum stint_stage stage, bool ends_message)
{
    if (rule->said_count == SAID_MAX) {
        rule_wrong(rule, "more is said than can be answered", "", 0);
        return;
    }
    rule->said[rule->said_count++] =
        (struct said){stage, rule->mail, rule->recipient, ends_message};
}

bool rule_is_lmtp(const struct rule *rule)
{
    return rule->given->account.lmtp;
}

bool rule_said_last(const struct rule *rule, enum stint_stage stage)
{
    return rule->said_count > 0 && rule->said[rule->said_count - 1].stage == stage;
}

bool rule_wants_tls(const struct rule *rule)
{
    return rule->security != STINT_SECURITY_NONE && !rule->secure;
}

/* ---- Deciding ---- */

/* RFC 5321 4.2.5: all of the message was taken, and what the server thinks of it was not heard.
 * That is no matter where nobody can have got it. */
bool rule_in_doubt(const struct rule *rule, size_t mail)
{
    bool is_for_nobody = rule->transactions[mail].has_failed &&
                         verdict_count(&rule->verdicts[mail], ASKED_TAKEN) == 0;
    size_t i;

    for (i = 0; i < rule->said_count; i++) {
        if (rule->said[i].ends_message && rule->said[i].mail == mail) {
            return !is_for_nobody;
        }
    }
    return false;
}

void rule_end(struct rule *rule)
{
    rule->all_heard = true;
    rule->last = rule_mail(rule);
}

/* The session is over at once: nothing more may be said, not even QUIT. Whether the message has
 * arrived depends on how far it got. */
void rule_break_off(struct rule *rule, enum stint_error error)
{
    struct verdict *verdict = rule_verdict(rule);
    bool doubt = rule_in_doubt(rule, rule_mail(rule));

    verdict_decide(verdict, error, rule_position(rule));
    verdict_settle(verdict, doubt ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED, NULL);
    rule_end(rule);
}

/* ---- What happens beside words ---- */

void rule_start(struct rule *rule, const struct transcript *given, enum stint_security security)
{
    size_t i;

    memset(rule, 0, sizeof *rule);
    rule->given = given;
    rule->security = security;
    rule->next = STINT_STAGE_START;
    heard_start(&rule->heard);
    for (i = 0; i < TRANSCRIPT_MAILS_MAX; i++) {
        verdict_start(&rule->verdicts[i], mails_get(rule, i));
    }
    while (rule->available < given->mail_count && !given->mails[rule->available].is_later) {
        rule->available++;
    }
}

void rule_connecting(struct rule *rule)
{
    rule->next = STINT_STAGE_CONNECT;
}

void rule_connected(struct rule *rule)
{
    rule_waits(rule, STINT_STAGE_GREETING, false);
    rule->next = STINT_STAGE_EHLO;
}

void rule_shaking(struct rule *rule)
{
    rule->at_seam = false;
    rule->said_count = 0;
    rule->next = STINT_STAGE_TLS;
}

void rule_secured(struct rule *rule)
{
    rule->secure = true;
    rule->next = STINT_STAGE_EHLO;
    memset(&rule->offer, 0, sizeof rule->offer);
    if (rule->security == STINT_SECURITY_IMPLICIT) {
        rule_connected(rule);
    }
}

void rule_keeps(struct rule *rule, bool is_kept)
{
    struct transaction *transaction = &rule->transactions[rule->mail];

    rule->is_kept = is_kept;
    transaction->had_more_ready = transaction->had_more_ready && is_kept;
}

void rule_fault(struct rule *rule, enum stint_error error)
{
    if (rule->fault == STINT_ERROR_NONE) {
        rule->fault = error;
    } else if (rule->second == STINT_ERROR_NONE && rule->fault != error) {
        rule->second = error;
    }
}

void rule_cannot_start(struct rule *rule, size_t mail)
{
    rule->cannot_start[mail] = true;
    if (rule->next == STINT_STAGE_START) {
        rule_fault(rule, STINT_ERROR_SOURCE);
    } else if (mail == rule->mail && rule->said_count == 0) {
        mails_decline(rule);
    }
}

void rule_has_mail(struct rule *rule)
{
    rule->available++;
    if (rule->is_idle) {
        mails_go_on(rule);
    }
}

void rule_idle_over(struct rule *rule)
{
    rule->is_idle = false;
    rule->idle_is_over = true;
}

const struct verdict *rule_report(struct rule *rule)
{
    const struct verdict *verdict = &rule->verdicts[rule->reported];

    if (!rule_has_result(rule)) {
        rule_wrong(rule, "a result before it is known, or with nothing to come", "", 0);
    }
    rule->reported++;
    return verdict;
}

/* May the client be writing the message, or trying to? */
static bool may_be_writing(const struct rule *rule)
{
    const struct transaction *transaction = &rule->transactions[rule->mail];
    bool is_of_mail = rule->next >= STINT_STAGE_RSET && rule->next < STINT_STAGE_QUIT;
    bool is_its_turn = rule->next == STINT_STAGE_CONTENT &&
                       (rule->said_count == 0 || rule_said_last(rule, STINT_STAGE_CONTENT));

    return is_of_mail && !transaction->is_bare && (is_its_turn || rule_may_be_eager(rule));
}

static void judge_fault(struct rule *rule)
{
    struct verdict *verdict = rule_verdict(rule);
    enum stint_error bad = STINT_ERROR_NONE;

    if (rule->given->mail_count > 0 && may_be_writing(rule)) {
        bad = rule_error_of_message(rule, rule->mail);
    }
    if (bad != STINT_ERROR_NONE) {
        rule_fault(rule, bad);
    }
    if (rule->fault == STINT_ERROR_NONE) {
        rule_wrong(rule, "the client ends for no reason", "", 0);
        return;
    }
    verdict_tell(verdict, NULL);
    verdict->also = rule->second;
    verdict->field = rule->fault == STINT_ERROR_CONFIG ? STINT_FIELD_EHLO_NAME : STINT_FIELD_NONE;
    rule_break_off(rule, rule->fault);
}

const struct verdict *rule_judge(struct rule *rule)
{
    size_t index = rule->reported > rule->mail ? rule->mail : rule->reported;
    struct verdict *verdict = &rule->verdicts[index];
    const struct transaction *transaction = &rule->transactions[index];
    bool may_leave = transaction->may_be_left && !transaction->message_said;

    if (index < (rule->all_heard ? rule->last : rule->mail) && rule->fault == STINT_ERROR_NONE) {
        rule_wrong(rule, "a result is missing", "", 0);
    } else if (!verdict->is_decided && may_leave && rule->fault == STINT_ERROR_NONE) {
        verdict_conclude(verdict);
    } else if (!verdict->is_decided) {
        judge_fault(rule);
    } else if (!rule->has_quit && !rule->all_heard && !may_leave &&
               rule->fault == STINT_ERROR_NONE) {
        rule_wrong(rule, "the client does not say QUIT", "", 0);
    }
    if (may_leave && !rule->has_quit) {
        memcpy(verdict->recipients, transaction->told_by_then, sizeof verdict->recipients);
    }
    verdict->may_be_reset = rule->may_reset && index == rule->mail;
    verdict_settle(verdict,
                   rule_in_doubt(rule, index) ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED, NULL);
    return verdict;
}
