/* SPDX-License-Identifier: MIT */
#include "inside.h"
#include "mails.h"
#include "message.h"
#include "parameters.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What the client says: which command may come, and when. */

static void wrong_line(struct rule *rule, const char *what)
{
    rule_wrong(rule, what, rule->ear.line, rule->ear.length);
}

/* ---- Commands ---- */

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

void rule_append(char *line, size_t room, const char *format, ...)
{
    size_t length = strlen(line);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line + length, room - length, format, arguments);
    va_end(arguments);
}

/* RFC 5321 4.1.1.2, with RFC 1870 6, RFC 6152 3, RFC 3030 3 and RFC 6531 3.4. */
static void write_mail(const struct rule *rule, char *line, size_t room)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);
    const struct stint_source *source = mail->source;

    rule_append(line, room, "MAIL FROM:<%s>", mail->reverse_path);
    if (rule->offer.size && source->size > 0) {
        rule_append(line, room, " SIZE=%lu", (unsigned long)source->size);
    }
    if (source->content == STINT_CONTENT_BINARY) {
        rule_append(line, room, " BODY=BINARYMIME");
    } else if (rule->offer.eight_bit &&
               (source->content != STINT_CONTENT_7BIT || source->utf8_header)) {
        rule_append(line, room, " BODY=8BITMIME");
    }
    rule_append(line, room, "%s", mails_need_utf8(mail) ? " SMTPUTF8" : "");
    parameters_of_mail(line, room, mail->parameters);
    rule_append(line, room, "\r\n");
}

static void write_rcpt(const struct rule *rule, char *line, size_t room)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);

    rule_append(line, room, "RCPT TO:<%s>", mail->recipients[rule->recipient].address);
    parameters_of_recipient(line, room, mail, rule->recipient);
    rule_append(line, room, "\r\n");
}

/* The whole command, or how it must begin. */
static void write_expected(const struct rule *rule, char *line, size_t room)
{
    line[0] = '\0';
    switch (rule->next) {
    case STINT_STAGE_EHLO:
        rule_append(line, room, "%s ", rule_is_lmtp(rule) ? "LHLO" : "EHLO");
        break;
    case STINT_STAGE_HELO: rule_append(line, room, "HELO "); break;
    case STINT_STAGE_STARTTLS: rule_append(line, room, "STARTTLS\r\n"); break;
    case STINT_STAGE_AUTH: break;
    case STINT_STAGE_RSET: rule_append(line, room, "RSET\r\n"); break;
    case STINT_STAGE_MAIL: write_mail(rule, line, room); break;
    case STINT_STAGE_RCPT: write_rcpt(rule, line, room); break;
    case STINT_STAGE_DATA: rule_append(line, room, "DATA\r\n"); break;
    case STINT_STAGE_QUIT: rule_append(line, room, "QUIT\r\n"); break;
    default: rule_append(line, room, "\n"); break;
    }
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

bool rule_may_be_eager(const struct rule *rule)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);

    return !rule_is_lmtp(rule) && rule->offer.pipelining && mail->eager &&
           mail->policy == STINT_POLICY_ANY && mails_by_bdat(rule, rule->mail);
}

/* RFC 2920 3.1: which command may go with those before it, and behind what? Behind a message of
 * LMTP, and a chunk, none does: stint/account.h tells what that costs. */
static bool may_go_along(const struct rule *rule)
{
    const struct stint_mail *mail = mails_get(rule, rule->mail);

    if (!rule->offer.pipelining || mail == NULL ||
        (rule_is_lmtp(rule) && rule_said_last(rule, STINT_STAGE_CONTENT))) {
        return false;
    }
    switch (rule->next) {
    case STINT_STAGE_RSET: return is_behind_message(rule);
    case STINT_STAGE_MAIL: return is_behind_message(rule) || rule_said_last(rule, STINT_STAGE_RSET);
    case STINT_STAGE_RCPT:
        return rule_said_last(rule, STINT_STAGE_MAIL) || rule_said_last(rule, STINT_STAGE_RCPT);
    case STINT_STAGE_DATA:
        return rule_said_last(rule, STINT_STAGE_RCPT) && mail->policy == STINT_POLICY_ANY;
    case STINT_STAGE_CONTENT:
        return (rule_said_last(rule, STINT_STAGE_RCPT) && rule_may_be_eager(rule) &&
                !is_message_unanswered(rule)) ||
               (rule_said_last(rule, STINT_STAGE_CONTENT) && !is_behind_message(rule));
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

/* Which command follows a message may be decided when the message ends, before its reply is in. */
static void look_for_reset(struct rule *rule)
{
    if (rule->next == STINT_STAGE_MAIL && rule->may_reset && ear_is(&rule->ear, "RSET\r\n")) {
        rule->next = STINT_STAGE_RSET;
    }
    rule->may_reset = false;
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
    if (rule->next >= STINT_STAGE_AUTH && rule->next < STINT_STAGE_QUIT && rule_wants_tls(rule)) {
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
    look_for_reset(rule);
    judge_time(rule);
    stage = rule->next;
    write_expected(rule, expected, sizeof expected);
    if (!ear_begins(&rule->ear, expected)) {
        wrong_line(rule, "not the command that comes next");
    }
    rule_waits(rule, stage, false);
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

/* ---- The message ---- */

static const struct message *message(const struct rule *rule, size_t mail)
{
    const struct fake_source *source = &rule->given->mails[mail].source;
    bool eight_bit = rule->offer.eight_bit &&
                     (source->source.content != STINT_CONTENT_7BIT || source->source.utf8_header);

    return message_of(source, eight_bit,
                      !mails_by_bdat(rule, mail) && !mails_in_chunks(rule, mail));
}

enum stint_error rule_error_of_message(const struct rule *rule, size_t mail)
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
            rule_wrong(rule, "more than the dot", &octet, 1);
        }
    } else if (rule->next != STINT_STAGE_CONTENT || at >= whole->length ||
               octet != whole->octets[at]) {
        rule_wrong(rule, "not the message", &octet, 1);
    }
}

/* RFC 2033 4.2: those who were taken, in the order of their RCPTs. */
static void wait_for_each(struct rule *rule)
{
    const struct verdict *verdict = &rule->verdicts[rule->mail];
    size_t i;

    for (i = 0; i < verdict->mail->recipient_count; i++) {
        if (verdict->asked[i] == ASKED_TAKEN) {
            rule->recipient = i;
            rule_waits(rule, STINT_STAGE_CONTENT, true);
        }
    }
    rule->recipient = 0;
}

/* RFC 3030 2: each chunk is answered. */
static void message_ended(struct rule *rule, bool is_last)
{
    struct transaction *transaction = &rule->transactions[rule->mail];

    if (is_last && !transaction->is_bare) {
        transaction->message_said = true;
        if (rule_error_of_message(rule, rule->mail) != STINT_ERROR_NONE ||
            transaction->content != message(rule, rule->mail)->length) {
            rule_wrong(rule, "the end of half a message", "", 0);
        }
    }
    if (is_last && rule_is_lmtp(rule)) {
        wait_for_each(rule);
    } else {
        rule_waits(rule, STINT_STAGE_CONTENT, transaction->message_said);
    }
    if (is_last) {
        rule->may_reset = (mails_by_bdat(rule, rule->mail) || mails_in_chunks(rule, rule->mail)) &&
                          mails_may_follow(rule);
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
        rule_wrong(rule, "words behind the end", octets, length);
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
