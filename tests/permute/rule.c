/* SPDX-License-Identifier: MIT */
#include "rule.h"

#include "mails.h"
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void wrong(struct rule *rule, const char *what, const char *about, size_t length)
{
    size_t n = 0;

    if (rule->wrong[0] == '\0') {
        while (n < length && n < 60 && about[n] >= ' ') {
            n++;
        }
        snprintf(rule->wrong, sizeof rule->wrong, "%s: %.*s", what, (int)n, about);
    }
}

static void wrong_line(struct rule *rule, const char *what)
{
    wrong(rule, what, rule->ear.line, rule->ear.length);
}

/* The exchange under way: that of the oldest command without a reply, else the next one. */
static enum stint_stage position(const struct rule *rule)
{
    return rule->said_count > 0 ? rule->said[0].stage : rule->next;
}

/* The mail that it is about. */
static size_t mail_of(const struct rule *rule)
{
    return rule->said_count > 0 ? rule->said[0].mail : rule->mail;
}

static struct verdict *verdict_of(struct rule *rule)
{
    return &rule->verdicts[mail_of(rule)];
}

static struct transaction *transaction_of(struct rule *rule)
{
    return &rule->transactions[mail_of(rule)];
}

/* ---- Deciding ---- */

/* RFC 5321 4.2.5: all of the message was taken, and what the server thinks of it was not heard.
 * That is no matter where nobody can have got it. */
static bool is_in_doubt(const struct rule *rule, size_t mail)
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

static void end(struct rule *rule)
{
    rule->all_heard = true;
    rule->last = mail_of(rule);
}

/* The session is over at once: nothing more may be said, not even QUIT. Whether the message has
 * arrived depends on how far it got. */
static void break_off(struct rule *rule, enum stint_error error)
{
    struct verdict *verdict = verdict_of(rule);
    bool doubt = is_in_doubt(rule, mail_of(rule));

    verdict_decide(verdict, error, position(rule));
    verdict_settle(verdict, doubt ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED, NULL);
    end(rule);
}

/* Our own rules say that there is nothing to do here. */
static void decline(struct rule *rule, enum stint_error error, enum stint_stage stage)
{
    verdict_tell(&rule->verdicts[0], NULL);
    verdict_decide(&rule->verdicts[0], error, stage);
    rule->next = STINT_STAGE_QUIT;
}

/* ---- What comes next, up to the first mail ---- */

static bool wants_tls(const struct rule *rule)
{
    return rule->security != STINT_SECURITY_NONE && !rule->secure;
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

    if (wants_tls(rule) && rule->offer.starttls) {
        rule->next = STINT_STAGE_STARTTLS;
    } else if (wants_tls(rule)) {
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

/* ---- What the client says: commands ---- */

static void wait_for_reply(struct rule *rule, enum stint_stage stage, bool ends_message)
{
    if (rule->said_count == SAID_MAX) {
        wrong(rule, "more is said than can be answered", "", 0);
        return;
    }
    rule->said[rule->said_count++] =
        (struct said){stage, rule->mail, rule->recipient, ends_message};
}

/* RFC 4954 4: how many responses the server still has to ask for, by the command alone. */
static void auth_said(struct rule *rule)
{
    if (rule->cancels && !ear_is(&rule->ear, "*\r\n")) {
        wrong_line(rule, "AUTH goes on where it cannot");
    } else if (ear_is(&rule->ear, "AUTH LOGIN\r\n")) {
        rule->responses_left = 2;
    } else if (ear_is(&rule->ear, "AUTH PLAIN\r\n")) {
        rule->responses_left = 1;
    } else if (ear_begins(&rule->ear, "AUTH PLAIN ")) {
        rule->responses_left = 0;
    } else if (ear_begins(&rule->ear, "AUTH ")) {
        wrong_line(rule, "unknown mechanism");
    } else if (rule->responses_left > 0) {
        rule->responses_left--;
    }
}

static void append(char *line, size_t room, const char *format, ...)
{
    size_t length = strlen(line);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line + length, room - length, format, arguments);
    va_end(arguments);
}

/* RFC 5321 4.1.1.2, with RFC 1870 6, RFC 6152 3 and RFC 3030 3. */
static void write_mail(const struct rule *rule, char *line, size_t room)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);
    const struct stint_source *source = mail->source;

    append(line, room, "MAIL FROM:<%s>", mail->reverse_path);
    if (rule->offer.size && source->size > 0) {
        append(line, room, " SIZE=%lu", (unsigned long)source->size);
    }
    if (source->content == STINT_CONTENT_BINARY) {
        append(line, room, " BODY=BINARYMIME");
    } else if (rule->offer.eight_bit && source->content != STINT_CONTENT_7BIT) {
        append(line, room, " BODY=8BITMIME");
    }
    append(line, room, "\r\n");
}

/* The whole command, or how it must begin. */
static void write_expected(const struct rule *rule, char *line, size_t room)
{
    line[0] = '\0';
    switch (rule->next) {
    case STINT_STAGE_EHLO: append(line, room, "EHLO "); break;
    case STINT_STAGE_HELO: append(line, room, "HELO "); break;
    case STINT_STAGE_STARTTLS: append(line, room, "STARTTLS\r\n"); break;
    case STINT_STAGE_AUTH: break;
    case STINT_STAGE_RSET: append(line, room, "RSET\r\n"); break;
    case STINT_STAGE_MAIL: write_mail(rule, line, room); break;
    case STINT_STAGE_RCPT:
        append(line, room, "RCPT TO:<%s>\r\n",
               mails_get(rule, rule->mail)->recipients[rule->recipient].address);
        break;
    case STINT_STAGE_DATA: append(line, room, "DATA\r\n"); break;
    case STINT_STAGE_QUIT: append(line, room, "QUIT\r\n"); break;
    default: append(line, room, "\n"); break;
    }
}

static bool is_last_said(const struct rule *rule, enum stint_stage stage)
{
    return rule->said_count > 0 && rule->said[rule->said_count - 1].stage == stage;
}

static bool is_behind_message(const struct rule *rule)
{
    return rule->said_count > 0 && rule->said[rule->said_count - 1].ends_message;
}

static bool is_message_unanswered(const struct rule *rule)
{
    size_t i;

    for (i = 0; i < rule->said_count; i++) {
        if (rule->said[i].ends_message) {
            return true;
        }
    }
    return false;
}

/* stint/account.h. */
static bool may_be_eager(const struct rule *rule)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);

    return rule->offer.pipelining && mail->eager && mail->policy == STINT_POLICY_ANY &&
           mails_by_bdat(rule, rule->mail);
}

/* RFC 2920 3.1: which command may go with those before it, and behind what? */
static bool may_go_along(const struct rule *rule)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);

    if (!rule->offer.pipelining || mail == NULL) {
        return false;
    }
    switch (rule->next) {
    case STINT_STAGE_RSET: return is_behind_message(rule);
    case STINT_STAGE_MAIL: return is_behind_message(rule) || is_last_said(rule, STINT_STAGE_RSET);
    case STINT_STAGE_RCPT:
        return is_last_said(rule, STINT_STAGE_MAIL) || is_last_said(rule, STINT_STAGE_RCPT);
    case STINT_STAGE_DATA:
        return is_last_said(rule, STINT_STAGE_RCPT) && mail->policy == STINT_POLICY_ANY;
    case STINT_STAGE_CONTENT:
        return (is_last_said(rule, STINT_STAGE_RCPT) && may_be_eager(rule) &&
                !is_message_unanswered(rule)) ||
               (is_last_said(rule, STINT_STAGE_CONTENT) && !is_behind_message(rule));
    case STINT_STAGE_QUIT: return is_behind_message(rule) && mails_are_over(rule);
    default: return false;
    }
}

/* Behind a message that is not answered, what is said tells what the client is about. */
static void look_behind_message(struct rule *rule)
{
    if (rule->next == STINT_STAGE_QUIT && is_behind_message(rule) && mails_may_follow(rule) &&
        !ear_is(&rule->ear, "QUIT\r\n")) {
        mails_follow(rule);
    }
}

/* May it be said now? */
static void judge_time(struct rule *rule)
{
    struct transaction *transaction = &rule->transactions[rule->mail];
    bool is_of_mail = rule->next >= STINT_STAGE_RSET && rule->next < STINT_STAGE_QUIT;

    if (rule->has_quit || rule->is_idle) {
        wrong_line(rule, "a command where there is nothing to do");
    } else if (rule->said_count > 0 && !may_go_along(rule)) {
        wrong_line(rule, "a command before the reply");
    } else if (is_of_mail && transaction->has_failed && !transaction->had_more_ready) {
        wrong_line(rule, "what has failed goes on");
    }
    if (rule->next >= STINT_STAGE_AUTH && rule->next < STINT_STAGE_QUIT && wants_tls(rule)) {
        wrong_line(rule, "said outside TLS");
    }
}

/* The next RCPT, or what comes behind the last. */
static void next_recipient(struct rule *rule, size_t from)
{
    rule->recipient = mails_next_recipient(rule, from);
    rule->next = STINT_STAGE_RCPT;
    if (rule->recipient == SIZE_MAX) {
        rule->recipient = 0;
        rule->next = mails_by_bdat(rule, rule->mail) || mails_in_chunks(rule, rule->mail)
                         ? STINT_STAGE_CONTENT
                         : STINT_STAGE_DATA;
    }
}

static void rcpt_said(struct rule *rule)
{
    struct verdict *verdict = &rule->verdicts[rule->mail];

    verdict->asked[rule->recipient] = ASKED_OPEN;
    verdict->was_named[rule->recipient] = true;
    rule->transactions[rule->mail].asked++;
}

static void command_said(struct rule *rule)
{
    char expected[EAR_LINE_MAX];
    enum stint_stage stage;

    look_behind_message(rule);
    judge_time(rule);
    stage = rule->next;
    write_expected(rule, expected, sizeof expected);
    if (!ear_begins(&rule->ear, expected)) {
        wrong_line(rule, "not the command that comes next");
    }
    wait_for_reply(rule, stage, false);
    switch (stage) {
    case STINT_STAGE_AUTH: auth_said(rule); break;
    case STINT_STAGE_RSET:
        rule->begun++;
        rule->next = STINT_STAGE_MAIL;
        break;
    case STINT_STAGE_MAIL:
        rule->begun += !rule->transactions[rule->mail].is_reset;
        next_recipient(rule, 0);
        break;
    case STINT_STAGE_RCPT:
        rcpt_said(rule);
        next_recipient(rule, rule->recipient + 1);
        break;
    case STINT_STAGE_DATA: rule->next = STINT_STAGE_CONTENT; break;
    case STINT_STAGE_QUIT: rule->has_quit = true; break;
    default: break;
    }
    if (stage == STINT_STAGE_RSET) {
        rule->transactions[rule->mail].is_reset = true;
    }
}

/* ---- What the client says: the message ---- */

static const struct message *message(const struct rule *rule, size_t mail)
{
    const struct fake_source *source = &rule->given->mails[mail].source;
    bool eight_bit = rule->offer.eight_bit && source->source.content != STINT_CONTENT_7BIT;

    return message_of(source, eight_bit,
                      !mails_by_bdat(rule, mail) && !mails_in_chunks(rule, mail));
}

/* Why it cannot be said to its end, if it cannot. */
static enum stint_error error_of_message(const struct rule *rule, size_t mail)
{
    const struct message *whole = message(rule, mail);
    const struct fake_source *source = &rule->given->mails[mail].source;

    if (whole->is_bad) {
        return STINT_ERROR_CONTENT;
    }
    if (source->end != STINT_SOURCE_END ||
        (mails_by_bdat(rule, mail) && source->source.size != whole->length)) {
        return STINT_ERROR_SOURCE;
    }
    return STINT_ERROR_NONE;
}

static void message_octet(struct rule *rule, char octet)
{
    struct transaction *transaction = &rule->transactions[rule->mail];
    const struct message *whole = message(rule, rule->mail);
    size_t at = transaction->content++;

    if (transaction->is_bare) {
        if (at >= 3 || octet != ".\r\n"[at]) {
            wrong(rule, "more than the dot", &octet, 1);
        }
    } else if (rule->next != STINT_STAGE_CONTENT || at >= whole->length ||
               octet != whole->octets[at]) {
        wrong(rule, "not the message", &octet, 1);
    }
}

/* RFC 3030 2: each chunk is answered. */
static void message_ended(struct rule *rule, bool is_last)
{
    struct transaction *transaction = &rule->transactions[rule->mail];

    if (is_last && !transaction->is_bare) {
        transaction->message_said = true;
        if (error_of_message(rule, rule->mail) != STINT_ERROR_NONE ||
            transaction->content != message(rule, rule->mail)->length) {
            wrong(rule, "the end of half a message", "", 0);
        }
    }
    wait_for_reply(rule, STINT_STAGE_CONTENT, transaction->message_said);
    if (is_last) {
        rule->next = STINT_STAGE_QUIT;
    }
}

static void bdat_said(struct rule *rule)
{
    const struct stint_source *source = mails_get(rule, rule->mail)->source;
    bool is_whole = rule->ear.is_last && rule->ear.chunk_left == source->size;

    judge_time(rule);
    if (rule->next != STINT_STAGE_CONTENT ||
        !(mails_in_chunks(rule, rule->mail) || (mails_by_bdat(rule, rule->mail) && is_whole))) {
        wrong_line(rule, "not the command that comes next");
    }
    if (rule->ear.chunk_left == 0) {
        message_ended(rule, rule->ear.is_last);
    }
}

void rule_client_said(struct rule *rule, const char *octets, size_t length)
{
    size_t i;

    if (rule->may_end_quit) {
        return;
    }
    rule->transactions[rule->mail].may_be_left = false; /* it was not, if it could be */
    if (rule->all_heard && length > 0) {
        wrong(rule, "words behind the end", octets, length);
    }
    for (i = 0; i < length && rule->wrong[0] == '\0'; i++) {
        bool by_dot = rule->ear.in_message;

        switch (ear_hear(&rule->ear, octets[i])) {
        case EAR_LINE: command_said(rule); break;
        case EAR_BDAT: bdat_said(rule); break;
        case EAR_OCTET: message_octet(rule, octets[i]); break;
        case EAR_END:
            message_octet(rule, octets[i]);
            message_ended(rule, by_dot || rule->ear.is_last);
            break;
        default: break;
        }
    }
}

/* ---- What the server says: after each reply ---- */

/* RFC 5321 4.2.1 and 3.8: no means no, and QUIT; 421 means that the server listens no more; and
 * what is neither yes nor no makes no sense here. */
static void refused(struct rule *rule)
{
    unsigned code = rule->heard.code;
    enum stint_stage stage = position(rule);
    bool is_about_message = stage > STINT_STAGE_RCPT;
    struct verdict *verdict = verdict_of(rule);

    verdict_tell(verdict, &rule->heard);
    if (code / 100 != 4 && code / 100 != 5) {
        break_off(rule, STINT_ERROR_PROTOCOL);
        return;
    }
    verdict_decide(verdict, code / 100 == 4 ? STINT_ERROR_TEMPORARY : STINT_ERROR_PERMANENT, stage);
    verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, is_about_message ? &rule->heard : NULL);
    if (code == 421) {
        end(rule);
    }
    rule->next = STINT_STAGE_QUIT;
}

static void ehlo_answered(struct rule *rule)
{
    unsigned code = rule->heard.code;

    if (code / 100 == 2) {
        next_by_offer(rule);
    } else if ((code == 500 || code == 502) && rule->security == STINT_SECURITY_NONE) {
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
    struct transaction *transaction = transaction_of(rule);
    bool is_written = mail_of(rule) == rule->mail;
    bool is_begun = transaction->content > 0 || rule->ear.chunk_left > 0 || rule->is_kept;

    transaction->has_failed = true;
    transaction->had_more_ready = is_written && rule->is_kept;
    transaction->may_be_left =
        is_written && !transaction->message_said && is_begun && may_be_eager(rule);
    memcpy(transaction->told_by_then, verdict_of(rule)->recipients,
           sizeof transaction->told_by_then);
}

/* RSET, MAIL, DATA, or a part of the message. */
static void step_refused(struct rule *rule)
{
    enum stint_stage stage = position(rule);
    struct verdict *verdict = verdict_of(rule);

    if (!transaction_of(rule)->has_failed) {
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
    struct verdict *verdict = verdict_of(rule);
    bool is_permanent = rule->heard.code >= 500 && rule->heard.code != 552;

    if (verdict->code < 400 || (verdict->code < 500 && is_permanent)) {
        verdict_tell(verdict, &rule->heard);
    }
}

/* RFC 5321 4.5.3.1.10, RFC 3463 3.6: does the no mean that there were too many? Not if nobody was
 * taken; and it is a no for good if there can be no other transaction, or if the message, and what
 * follows it, is on its way. */
static bool were_too_many(struct rule *rule)
{
    const struct stint_enhanced *status = &rule->heard.enhanced;
    const struct transaction *transaction = transaction_of(rule);
    size_t mail = mail_of(rule);
    bool is_on_its_way = transaction->message_said || transaction->content > 0 ||
                         rule->ear.chunk_left > 0 || (rule->is_kept && may_be_eager(rule));

    return (rule->heard.code == 452 || rule->heard.code == 552) &&
           (status->status_class == 0 || (status->subject == 5 && status->detail == 3)) &&
           verdict_count(&rule->verdicts[mail], ASKED_TAKEN) > 0 && mails_may_split(rule, mail) &&
           !is_on_its_way;
}

/* RFC 5321 3.3: the message is for those whom the server accepts, if there is one; by policy, only
 * if it accepts them all. */
static void all_rcpt_answered(struct rule *rule)
{
    struct verdict *verdict = verdict_of(rule);
    size_t mail = mail_of(rule);
    size_t taken = verdict_count(verdict, ASKED_TAKEN);
    bool all = taken == mails_get(rule, mail)->recipient_count;

    if (!transaction_of(rule)->has_failed &&
        (taken == 0 || (!all && mails_get(rule, mail)->policy == STINT_POLICY_ALL))) {
        verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, NULL);
        fail(rule);
        if (!mails_split(rule, mail)) {
            verdict_conclude(verdict);
        }
    }
}

static void rcpt_answered(struct rule *rule)
{
    struct verdict *verdict = verdict_of(rule);
    size_t i = rule->said[0].recipient;
    unsigned code = rule->heard.code;
    unsigned digit = code / 100;
    bool are_all_said = mail_of(rule) != rule->mail || rule->next != STINT_STAGE_RCPT;

    if (digit == 2 || digit == 4 || digit == 5) {
        verdict->recipients[i].code = (uint16_t)code;
        verdict->recipients[i].enhanced = rule->heard.enhanced;
        verdict->asked[i] = digit == 2            ? ASKED_TAKEN
                            : were_too_many(rule) ? ASKED_NOT
                                                  : ASKED_REFUSED;
    }
    if (code == 421 || digit == 1 || digit == 3) {
        refused(rule);
        return;
    }
    if (verdict->asked[i] == ASKED_REFUSED && !transaction_of(rule)->has_failed) {
        tell_refusal(rule);
    } else if (verdict->asked[i] == ASKED_NOT && verdict->code < 400) {
        verdict_tell(verdict, NULL);
    }
    if (are_all_said && verdict_count(verdict, ASKED_OPEN) == 0) {
        all_rcpt_answered(rule);
    }
}

/* RFC 2920 3.1. */
static void data_answered(struct rule *rule)
{
    struct transaction *transaction = transaction_of(rule);

    if (!is_about_step(rule, rule->heard.code == 354)) {
        return;
    }
    if (transaction->has_failed && verdict_count(verdict_of(rule), ASKED_TAKEN) > 0) {
        break_off(rule, STINT_ERROR_PROTOCOL);
        return;
    }
    transaction->is_bare = transaction->has_failed;
    rule->ear.in_message = true;
}

/* RFC 5321 4.2.5: 2yz, and nothing else, takes responsibility; for a mail that was refused before,
 * who knows. */
static void message_answered(struct rule *rule)
{
    size_t mail = mail_of(rule);
    struct verdict *verdict = verdict_of(rule);
    bool has_failed = transaction_of(rule)->has_failed;
    bool is_yes = rule->heard.code / 100 == 2;

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
    transaction_of(rule)->is_over = true;
    if (mail != rule->mail || rule->has_quit) {
        verdict_conclude(verdict);
    }
}

static void content_answered(struct rule *rule)
{
    if (rule->said[0].ends_message) {
        message_answered(rule);
    } else {
        rule->is_open = rule->is_open && !transaction_of(rule)->is_bare;
        (void)is_about_step(rule, rule->heard.code / 100 == 2);
    }
}

/* The reply with which the session is going well so far. A refused recipient stays more important.
 */
static void tell_of_success(struct rule *rule)
{
    struct verdict *verdict = verdict_of(rule);

    if (!transaction_of(rule)->has_failed && verdict->code < 400 && rule->heard.code / 100 < 4) {
        verdict_tell(verdict, &rule->heard);
    }
}

static void answered(struct rule *rule)
{
    unsigned code = rule->heard.code;
    bool is_yes = code / 100 == 2;

    tell_of_success(rule);
    switch (position(rule)) {
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
    default: end(rule); break;
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
 * step; in no case it is a yes to what was not said yet. */
static void unasked(struct rule *rule)
{
    unsigned digit = rule->heard.code / 100;
    struct verdict *verdict = verdict_of(rule);
    bool is_about_message = (digit == 4 || digit == 5) && rule->next > STINT_STAGE_RCPT;

    end(rule);
    if (rule->next == STINT_STAGE_QUIT) {
        rule->may_end_quit = rule->is_kept;
        return; /* QUIT changes nothing */
    }
    verdict_tell(verdict, &rule->heard);
    verdict_decide(verdict,
                   digit == 4   ? STINT_ERROR_TEMPORARY
                   : digit == 5 ? STINT_ERROR_PERMANENT
                                : STINT_ERROR_PROTOCOL,
                   rule->next);
    verdict_settle(verdict, STINT_FATE_NOT_ACCEPTED, is_about_message ? &rule->heard : NULL);
}

static void reply_heard(struct rule *rule)
{
    enum stint_stage stage = position(rule);

    if (rule->said_count == 0) {
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
    if (position(rule) != STINT_STAGE_EHLO || rule->said_count == 0) {
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
    if (position(rule) == STINT_STAGE_QUIT) {
        end(rule); /* QUIT changes nothing */
        return;
    }
    verdict_tell(verdict_of(rule), NULL);
    break_off(rule, STINT_ERROR_PROTOCOL);
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

/* Is there a result that the client gives before it goes on? */
static bool has_result(const struct rule *rule)
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
        wrong(rule, "too much to be kept unheard", octets, length);
        return;
    }
    memcpy(rule->unheard + rule->unheard_length, octets, length);
    rule->unheard_length += length;
}

void rule_server_said(struct rule *rule, const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length && !rule->all_heard && !has_result(rule); i++) {
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

/* ---- The rest of the world ---- */

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
    wait_for_reply(rule, STINT_STAGE_GREETING, false);
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

    if (!has_result(rule)) {
        wrong(rule, "a result before it is known, or with nothing to come", "", 0);
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
                       (rule->said_count == 0 || is_last_said(rule, STINT_STAGE_CONTENT));

    return is_of_mail && !transaction->is_bare && (is_its_turn || may_be_eager(rule));
}

static void judge_fault(struct rule *rule)
{
    struct verdict *verdict = verdict_of(rule);
    enum stint_error bad = STINT_ERROR_NONE;

    if (rule->given->mail_count > 0 && may_be_writing(rule)) {
        bad = error_of_message(rule, rule->mail);
    }
    if (bad != STINT_ERROR_NONE) {
        rule_fault(rule, bad);
    }
    if (rule->fault == STINT_ERROR_NONE) {
        wrong(rule, "the client ends for no reason", "", 0);
        return;
    }
    verdict_tell(verdict, NULL);
    verdict->also = rule->second;
    verdict->field = rule->fault == STINT_ERROR_CONFIG ? STINT_FIELD_EHLO_NAME : STINT_FIELD_NONE;
    break_off(rule, rule->fault);
}

const struct verdict *rule_judge(struct rule *rule)
{
    size_t index = rule->reported > rule->mail ? rule->mail : rule->reported;
    struct verdict *verdict = &rule->verdicts[index];
    const struct transaction *transaction = &rule->transactions[index];
    bool may_leave = transaction->may_be_left && !transaction->message_said;

    if (index < (rule->all_heard ? rule->last : rule->mail) && rule->fault == STINT_ERROR_NONE) {
        wrong(rule, "a result is missing", "", 0);
    } else if (!verdict->is_decided && may_leave && rule->fault == STINT_ERROR_NONE) {
        verdict_conclude(verdict);
    } else if (!verdict->is_decided) {
        judge_fault(rule);
    } else if (!rule->has_quit && !rule->all_heard && !may_leave &&
               rule->fault == STINT_ERROR_NONE) {
        wrong(rule, "the client does not say QUIT", "", 0);
    }
    if (may_leave && !rule->has_quit) {
        memcpy(verdict->recipients, transaction->told_by_then, sizeof verdict->recipients);
    }
    verdict_settle(verdict, is_in_doubt(rule, index) ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED,
                   NULL);
    return verdict;
}
