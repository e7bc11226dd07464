/* SPDX-License-Identifier: MIT */
#include "inside.h"
#include "mails.h"

#include <string.h>

/* What the server says: what comes of each reply. */

/* ---- Up to the first mail ---- */

/* Our own rules say that there is nothing to do here. */
static void decline(struct rule *rule, enum stint_error error, enum stint_stage stage)
{
    verdict_tell(&rule->verdicts[0], NULL);
    verdict_decide(&rule->verdicts[0], error, stage);
    rule->next = STINT_STAGE_QUIT;
}

static bool may_use(const struct rule *rule, bool offered, const char *mechanism)
{
    const char *wanted = rule->given->account.mechanism;

    return offered && (wanted == NULL || strcmp(wanted, mechanism) == 0);
}

/* RFC 3207 4, RFC 4954 4, RFC 5321 3.3: TLS first, then AUTH, then the mails. */
static void next_by_offer(struct rule *rule)
{
    bool has_mechanism =
        may_use(rule, rule->offer.plain, "PLAIN") || may_use(rule, rule->offer.login, "LOGIN");

    if (rule_wants_tls(rule) && rule->offer.starttls) {
        rule->next = STINT_STAGE_STARTTLS;
    } else if (rule_wants_tls(rule)) {
        decline(rule, STINT_ERROR_NO_STARTTLS, STINT_STAGE_STARTTLS);
    } else if (rule->given->account.user != NULL && !rule->authenticated && has_mechanism) {
        rule->next = STINT_STAGE_AUTH;
    } else if (rule->given->account.user != NULL && !rule->authenticated) {
        decline(rule, STINT_ERROR_NO_AUTH, STINT_STAGE_AUTH);
    } else if (rule->given->mail_count > 0) {
        mails_begin(rule);
    } else {
        verdict_decide(&rule->verdicts[0], STINT_ERROR_NONE, STINT_STAGE_QUIT);
        rule->next = STINT_STAGE_QUIT;
    }
}

/* ---- After each reply ---- */

/* RFC 5321 4.2.1 and 4.3.2: 2yz means yes, whatever the rest says; but 221 answers QUIT. */
static bool says_yes(const struct rule *rule)
{
    return rule->heard.code / 100 == 2 && rule->heard.code != 221;
}

/* RFC 5321 4.2.1 and 3.8: no means no, and QUIT; 421 means that the server listens no more; and
 * what is neither yes nor no makes no sense here. */
static void refused(struct rule *rule)
{
    unsigned code = rule->heard.code;
    enum stint_stage stage = rule_position(rule);
    bool is_about_message = stage > STINT_STAGE_RCPT;
    struct verdict *verdict = rule_verdict(rule);

    verdict_tell(verdict, &rule->heard);
    if (code / 100 != 4 && code / 100 != 5) {
        rule_break_off(rule, STINT_ERROR_PROTOCOL);
        return;
    }
    verdict_decide(verdict, code / 100 == 4 ? STINT_ERROR_TEMPORARY : STINT_ERROR_PERMANENT, stage);
    verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, is_about_message ? &rule->heard : NULL);
    if (code == 421) {
        rule_end(rule);
    }
    rule->next = STINT_STAGE_QUIT;
}

static void ehlo_answered(struct rule *rule)
{
    unsigned code = rule->heard.code;

    if (says_yes(rule)) {
        next_by_offer(rule);
    } else if ((code == 500 || code == 502) && rule->security == STINT_SECURITY_NONE &&
               !rule_is_lmtp(rule)) {
        verdict_tell(&rule->verdicts[0], NULL);
        memset(&rule->offer, 0, sizeof rule->offer);
        rule->next = STINT_STAGE_HELO;
    } else {
        refused(rule);
    }
}

/* RFC 4954 4: 334 asks for a response, 235 says that all was said and is right. */
static void auth_answered(struct rule *rule)
{
    unsigned code = rule->heard.code;

    if (rule->cancels) {
        rule->cancels = false;
        rule->next = STINT_STAGE_QUIT;
    } else if (code == 235 && rule->responses_left == 0) {
        rule->authenticated = true;
        next_by_offer(rule);
    } else if (code == 334 && (rule->responses_left == 0 || !rule->heard.is_base64)) {
        verdict_tell(&rule->verdicts[0], &rule->heard);
        verdict_decide(&rule->verdicts[0], STINT_ERROR_PROTOCOL, STINT_STAGE_AUTH);
        rule->cancels = true;
    } else if (code != 334) {
        refused(rule);
    }
}

static enum stint_error refusal(const struct rule *rule)
{
    return rule->heard.code / 100 == 4 ? STINT_ERROR_TEMPORARY : STINT_ERROR_PERMANENT;
}

/* Nothing more of this transaction is said, but what is on its way. A message half of which is said
 * is to be left. */
static void fail(struct rule *rule)
{
    struct transaction *transaction = rule_transaction(rule);
    bool is_written = rule_mail(rule) == rule->mail;
    bool is_begun = transaction->content > 0 || rule->ear.chunk_left > 0 || rule->is_kept;

    transaction->has_failed = true;
    transaction->had_more_ready = is_written && rule->is_kept;
    transaction->may_be_left =
        is_written && !transaction->message_said && is_begun && rule_may_be_eager(rule);
    memcpy(transaction->told_by_then, rule_verdict(rule)->recipients,
           sizeof transaction->told_by_then);
}

/* RSET, MAIL, DATA, or a part of the message. */
static void step_refused(struct rule *rule)
{
    enum stint_stage stage = rule_position(rule);
    struct verdict *verdict = rule_verdict(rule);

    if (!rule_transaction(rule)->has_failed) {
        verdict_tell(verdict, &rule->heard);
        verdict_decide(verdict, refusal(rule), stage);
        if (stage > STINT_STAGE_RCPT) {
            verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, &rule->heard);
        }
        fail(rule);
    }
}

/* A reply to a step: 421, and what is neither yes nor no, end the session. */
static bool is_about_step(struct rule *rule, bool is_yes)
{
    unsigned digit = rule->heard.code / 100;
    bool is_no = (digit == 4 || digit == 5) && rule->heard.code != 421;

    if (!is_yes && !is_no) {
        refused(rule);
    } else if (is_no) {
        step_refused(rule);
    }
    return is_yes;
}

/* Of several refusals the first permanent one is told, or else the first. 552 is none of them that
 * is sure to be permanent (RFC 5321 4.5.3.1.10). */
static void tell_refusal(struct rule *rule)
{
    struct verdict *verdict = rule_verdict(rule);
    bool is_permanent = rule->heard.code >= 500 && rule->heard.code != 552;

    if (verdict->code < 400 || (verdict->code < 500 && is_permanent)) {
        verdict_tell(verdict, &rule->heard);
        verdict->refused_at = rule_position(rule);
    }
}

/* RFC 5321 4.5.3.1.10, RFC 3463 3.6: does the no mean that there were too many? Not if nobody was
 * taken; and it is a no for good if there can be no other transaction, or if the message, and what
 * follows it, is on its way. */
static bool were_too_many(struct rule *rule)
{
    const struct stint_enhanced *status = &rule->heard.enhanced;
    const struct transaction *transaction = rule_transaction(rule);
    size_t mail = rule_mail(rule);
    bool is_on_its_way = transaction->message_said || transaction->content > 0 ||
                         rule->ear.chunk_left > 0 || (rule->is_kept && rule_may_be_eager(rule));

    return (rule->heard.code == 452 || rule->heard.code == 552) &&
           (status->status_class == 0 || (status->subject == 5 && status->detail == 3)) &&
           verdict_count(&rule->verdicts[mail], ASKED_TAKEN) > 0 && mails_may_split(rule, mail) &&
           !is_on_its_way;
}

/* RFC 5321 3.3: the message is for those whom the server accepts, if there is one; by policy, only
 * if it accepts them all. Half of it is out, and the session breaks off: nobody else is asked. */
static void all_rcpt_answered(struct rule *rule)
{
    struct verdict *verdict = rule_verdict(rule);
    size_t mail = rule_mail(rule);
    size_t taken = verdict_count(verdict, ASKED_TAKEN);
    bool all = taken == mails_get(rule, mail)->recipient_count;

    if (!rule_transaction(rule)->has_failed &&
        (taken == 0 || (!all && mails_get(rule, mail)->policy == STINT_POLICY_ALL))) {
        verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, NULL);
        fail(rule);
        if (!mails_split(rule, mail) || rule->ear.chunk_left > 0) {
            verdict_conclude(verdict);
        }
    }
}

static void rcpt_answered(struct rule *rule)
{
    struct verdict *verdict = rule_verdict(rule);
    size_t i = rule->said[0].recipient;
    unsigned code = rule->heard.code;
    unsigned digit = code / 100;
    bool are_all_said = rule_mail(rule) != rule->mail || rule->next != STINT_STAGE_RCPT;

    if (says_yes(rule) || digit == 4 || digit == 5) {
        verdict->recipients[i].code = (uint16_t)code;
        verdict->recipients[i].enhanced = rule->heard.enhanced;
        verdict->asked[i] = digit == 2            ? ASKED_TAKEN
                            : were_too_many(rule) ? ASKED_NOT
                                                  : ASKED_REFUSED;
    }
    if (code == 421 || code == 221 || digit == 1 || digit == 3) {
        refused(rule);
        return;
    }
    if (verdict->asked[i] == ASKED_REFUSED && !rule_transaction(rule)->has_failed) {
        tell_refusal(rule);
    } else if (verdict->asked[i] == ASKED_NOT && verdict->code < 400) {
        verdict_tell(verdict, NULL);
    }
    if (are_all_said && verdict_count(verdict, ASKED_OPEN) == 0) {
        all_rcpt_answered(rule);
    }
}

/* RFC 2920 3.1; by LMTP no reply would come to a message that is for nobody (RFC 2033 4.2). */
static void data_answered(struct rule *rule)
{
    struct transaction *transaction = rule_transaction(rule);

    if (!is_about_step(rule, rule->heard.code == 354)) {
        return;
    }
    if (transaction->has_failed &&
        (rule_is_lmtp(rule) || verdict_count(rule_verdict(rule), ASKED_TAKEN) > 0)) {
        rule_break_off(rule, STINT_ERROR_PROTOCOL);
        return;
    }
    transaction->is_bare = transaction->has_failed;
    rule->ear.in_message = true;
}

/* RFC 5321 4.2.5: 2yz, and nothing else, takes responsibility; for a mail that was refused before,
 * who knows. */
static void message_answered(struct rule *rule)
{
    size_t mail = rule_mail(rule);
    struct verdict *verdict = rule_verdict(rule);
    bool has_failed = rule_transaction(rule)->has_failed;
    bool is_yes = says_yes(rule);

    if (!is_about_step(rule, is_yes) && rule->all_heard) {
        return;
    }
    if (is_yes && has_failed) {
        verdict_settle(verdict, STINT_FATE_UNKNOWN, NULL);
    } else if (is_yes) {
        verdict_settle(verdict, STINT_FATE_ACCEPTED, &rule->heard);
    } else {
        verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, &rule->heard);
    }
    rule->is_open =
        (!is_yes || has_failed) && (mails_by_bdat(rule, mail) || mails_in_chunks(rule, mail));
    rule_transaction(rule)->is_over = true;
    if (mail != rule->mail || rule->has_quit) {
        verdict_conclude(verdict);
    }
}

/* The server leaves, or makes no sense: those for whom it has not answered may have the message. */
static void leave_others_in_doubt(struct rule *rule)
{
    struct verdict *verdict = rule_verdict(rule);

    verdict_tell(verdict, &rule->heard);
    if (rule->heard.code == 421) {
        verdict_settle_one(verdict, rule->said[0].recipient, STINT_FATE_NOT_ACCEPTED, &rule->heard);
        verdict_decide(verdict, STINT_ERROR_TEMPORARY, STINT_STAGE_CONTENT);
    }
    rule_break_off(rule, STINT_ERROR_PROTOCOL);
}

/* RFC 2033 4.2: one recipient's fate. Where one is refused the others may be served. */
static void one_answered(struct rule *rule)
{
    size_t mail = rule_mail(rule);
    struct verdict *verdict = rule_verdict(rule);
    bool is_yes = says_yes(rule);
    unsigned digit = rule->heard.code / 100;

    if (!is_yes && ((digit != 4 && digit != 5) || rule->heard.code == 421)) {
        leave_others_in_doubt(rule);
        return;
    }
    verdict_settle_one(verdict, rule->said[0].recipient,
                       is_yes ? STINT_FATE_ACCEPTED : STINT_FATE_NOT_ACCEPTED, &rule->heard);
    if (!is_yes) {
        tell_refusal(rule);
    }
    rule->is_open = !is_yes && (mails_by_bdat(rule, mail) || mails_in_chunks(rule, mail));
    rule_transaction(rule)->is_over = verdict_count(verdict, ASKED_TAKEN) == 0;
}

static void content_answered(struct rule *rule)
{
    if (rule->said[0].ends_message && rule_is_lmtp(rule)) {
        one_answered(rule);
    } else if (rule->said[0].ends_message) {
        message_answered(rule);
    } else {
        rule->is_open = rule->is_open && !rule_transaction(rule)->is_bare;
        (void)is_about_step(rule, says_yes(rule));
    }
}

/* The reply with which the session is going well so far. A refused recipient stays more important.
 */
static void tell_of_success(struct rule *rule)
{
    struct verdict *verdict = rule_verdict(rule);

    if (!rule_transaction(rule)->has_failed && verdict->code < 400 && rule->heard.code / 100 < 4) {
        verdict_tell(verdict, &rule->heard);
    }
}

static void answered(struct rule *rule)
{
    unsigned code = rule->heard.code;
    bool is_yes = says_yes(rule);

    tell_of_success(rule);
    switch (rule_position(rule)) {
    case STINT_STAGE_GREETING:
        if (code != 220) {
            refused(rule);
        }
        break;
    case STINT_STAGE_EHLO: ehlo_answered(rule); break;
    case STINT_STAGE_HELO: is_yes ? next_by_offer(rule) : refused(rule); break;
    case STINT_STAGE_STARTTLS:
        rule->at_seam = code == 220;
        if (!rule->at_seam) {
            refused(rule);
        }
        break;
    case STINT_STAGE_AUTH: auth_answered(rule); break;
    case STINT_STAGE_RSET:
        (void)is_about_step(rule, is_yes);
        rule->is_open = rule->is_open && !is_yes;
        break;
    case STINT_STAGE_MAIL:
        (void)is_about_step(rule, is_yes);
        rule->is_open = rule->is_open || is_yes;
        break;
    case STINT_STAGE_RCPT: rcpt_answered(rule); break;
    case STINT_STAGE_DATA: data_answered(rule); break;
    case STINT_STAGE_CONTENT: content_answered(rule); break;
    default: rule_end(rule); break;
    }
}

/* Nothing is unanswered: what comes next? What the transport was offered already does. */
static void turn(struct rule *rule)
{
    struct transaction *transaction = &rule->transactions[rule->mail];
    bool has_dot_to_say = transaction->is_bare && rule->next == STINT_STAGE_CONTENT;

    if (rule->all_heard || rule->has_quit || has_dot_to_say ||
        (transaction->has_failed && !transaction->is_over && rule->is_kept)) {
        return;
    }
    if (transaction->is_over && rule->is_kept && mails_may_follow(rule)) {
        verdict_conclude(&rule->verdicts[rule->mail]);
        mails_follow(rule);
    } else if (transaction->is_over || transaction->has_failed) {
        verdict_settle(&rule->verdicts[rule->mail], STINT_FATE_NOT_ACCEPTED, NULL);
        mails_go_on(rule);
    }
}

/* RFC 5321 3.8: a reply that nothing asked for says that the server leaves, or that it is out of
 * step; in no case it is a yes to what was not said yet when it began. */
static void unasked(struct rule *rule)
{
    unsigned digit = rule->heard.code / 100;
    enum stint_stage stage = rule_position(rule);
    struct verdict *verdict = rule_verdict(rule);
    bool doubt = rule_in_doubt(rule, rule_mail(rule));
    bool is_about_message = (digit == 4 || digit == 5) && stage > STINT_STAGE_RCPT;

    rule_end(rule);
    if (stage == STINT_STAGE_QUIT) {
        rule->may_end_quit = rule->is_kept;
        return; /* QUIT changes nothing */
    }
    verdict_tell(verdict, &rule->heard);
    verdict_decide(verdict,
                   digit == 4   ? STINT_ERROR_TEMPORARY
                   : digit == 5 ? STINT_ERROR_PERMANENT
                                : STINT_ERROR_PROTOCOL,
                   stage);
    verdict_settle(verdict, doubt ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED,
                   is_about_message && !doubt ? &rule->heard : NULL);
}

static void reply_heard(struct rule *rule)
{
    enum stint_stage stage = rule_position(rule);

    if (rule->said_count == 0 || rule->is_early) {
        unasked(rule);
        return;
    }
    answered(rule); /* taken off last: what follows is about this exchange */
    rule->said_count--;
    memmove(rule->said, rule->said + 1, rule->said_count * sizeof rule->said[0]);
    if (rule->said_count == 0 && stage >= STINT_STAGE_RSET) {
        turn(rule);
    }
}

static void line_heard(struct rule *rule)
{
    if (rule_position(rule) != STINT_STAGE_EHLO || rule->said_count == 0) {
        return;
    }
    if (rule->heard.is_first_line) {
        memset(&rule->offer, 0, sizeof rule->offer);
    } else {
        offer_line(&rule->offer, rule->heard.line);
    }
}

static void nonsense(struct rule *rule)
{
    if (rule_position(rule) == STINT_STAGE_QUIT) {
        rule_end(rule); /* QUIT changes nothing */
        return;
    }
    verdict_tell(rule_verdict(rule), NULL);
    rule_break_off(rule, STINT_ERROR_PROTOCOL);
}

/* RFC 3207 4.2, CVE-2021-22947. */
static void inject(struct rule *rule)
{
    verdict_tell(&rule->verdicts[0], NULL);
    verdict_decide(&rule->verdicts[0], STINT_ERROR_INJECTION, STINT_STAGE_STARTTLS);
    rule->all_heard = true;
}

static void server_octet(struct rule *rule, char octet)
{
    if (heard_is_between(&rule->heard)) {
        rule->is_early = rule->said_count == 0;
    }
    switch (heard_octet(&rule->heard, octet)) {
    case HEARD_LINE: line_heard(rule); break;
    case HEARD_REPLY:
        line_heard(rule);
        reply_heard(rule);
        break;
    case HEARD_NONSENSE: nonsense(rule); break;
    default: break;
    }
}

bool rule_has_result(const struct rule *rule)
{
    size_t i;

    for (i = 0; i < rule->said_count; i++) {
        if (rule->said[i].mail == rule->reported) {
            return false; /* not complete */
        }
    }
    return rule->reported < rule->mail || (rule->reported == rule->mail && rule->is_idle);
}

static void keep_unheard(struct rule *rule, const char *octets, size_t length)
{
    if (length > RULE_UNHEARD_MAX - rule->unheard_length) {
        rule_wrong(rule, "too much to be kept unheard", octets, length);
        return;
    }
    memcpy(rule->unheard + rule->unheard_length, octets, length);
    rule->unheard_length += length;
}

void rule_server_said(struct rule *rule, const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length && !rule->all_heard && !rule_has_result(rule); i++) {
        if (rule->at_seam) {
            inject(rule);
            return;
        }
        server_octet(rule, octets[i]);
    }
    if (!rule->all_heard) {
        keep_unheard(rule, octets + i, length - i);
    }
}

void rule_hears_on(struct rule *rule)
{
    char octets[RULE_UNHEARD_MAX];
    size_t length = rule->fault == STINT_ERROR_ABORTED ? 0 : rule->unheard_length;

    memcpy(octets, rule->unheard, length);
    rule->unheard_length = 0;
    rule_server_said(rule, octets, length);
}
