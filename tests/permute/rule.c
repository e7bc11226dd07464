/* SPDX-License-Identifier: MIT */
#include "rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

static const struct stint_mail *mail_of(const struct rule *rule)
{
    return rule->given->mail_count > 0 ? &rule->given->mails[0].mail : NULL;
}

/* The exchange under way: that of the oldest command without a reply, else the next one. */
static enum stint_stage position(const struct rule *rule)
{
    return rule->waiting_count > 0 ? rule->waiting[0] : rule->next;
}

/* ---- Deciding ---- */

/* RFC 5321 4.2.5: all of the message was taken, and what the server thinks of it was not heard. */
static bool is_in_doubt(const struct rule *rule)
{
    return rule->waiting_count > 0 && rule->waiting[0] == STINT_STAGE_CONTENT;
}

/* Those whom RCPT accepted share the message's fate, and the code that decided it. */
static void settle(struct rule *rule, enum stint_fate fate, unsigned code)
{
    struct rule_verdict *verdict = &rule->verdict;
    bool all = true;
    bool doubt = false;
    size_t i;

    for (i = 0; mail_of(rule) != NULL && i < mail_of(rule)->recipient_count; i++) {
        struct stint_recipient *recipient = &verdict->recipients[i];

        if (recipient->code >= 200 && recipient->code < 300) {
            recipient->fate = (uint8_t)fate;
            recipient->code = (uint16_t)code;
        }
        all = all && recipient->fate == STINT_FATE_ACCEPTED;
        doubt = doubt || recipient->fate == STINT_FATE_UNKNOWN;
    }
    verdict->fate = doubt                          ? STINT_FATE_UNKNOWN
                    : all && mail_of(rule) != NULL ? STINT_FATE_ACCEPTED
                                                   : STINT_FATE_NOT_ACCEPTED;
}

/* Which reply the result tells of. */
static void tell(struct rule *rule, unsigned code, const char *text)
{
    if (!rule->is_decided) {
        rule->verdict.code = code;
        snprintf(rule->verdict.text, sizeof rule->verdict.text, "%s", text);
    }
}

static void decide(struct rule *rule, enum stint_error error, enum stint_stage stage)
{
    if (!rule->is_decided) {
        rule->verdict.error = error;
        rule->verdict.stage = stage;
        rule->is_decided = true;
    }
}

/* The session is over at once: nothing more may be said, not even QUIT. Whether the message has
 * arrived depends on how far it got. */
static void break_off(struct rule *rule, enum stint_error error)
{
    decide(rule, error, position(rule));
    settle(rule, is_in_doubt(rule) ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED, 0);
    rule->all_heard = true;
}

/* Our own rules say that there is nothing to do here. */
static void decline(struct rule *rule, enum stint_error error, enum stint_stage stage)
{
    tell(rule, 0, "");
    decide(rule, error, stage);
    settle(rule, STINT_FATE_NOT_ACCEPTED, 0);
    rule->next = STINT_STAGE_QUIT;
}

/* ---- What comes next ---- */

static bool wants_tls(const struct rule *rule)
{
    return rule->security != STINT_SECURITY_NONE && !rule->secure;
}

static bool may_use(const struct rule *rule, bool offered, const char *mechanism)
{
    const char *wanted = rule->given->account.mechanism;

    return offered && (wanted == NULL || strcmp(wanted, mechanism) == 0);
}

static void next_mail(struct rule *rule)
{
    const struct stint_source *source = &rule->given->mails[0].source.source;

    rule->next = STINT_STAGE_MAIL;
    if (rule->size > 0 && source->size > rule->size) {
        decline(rule, STINT_ERROR_TOO_LARGE, STINT_STAGE_MAIL);
    } else if (source->content == STINT_CONTENT_8BIT && !rule->eight_bit) {
        decline(rule, STINT_ERROR_NO_8BITMIME, STINT_STAGE_MAIL);
    }
}

/* RFC 3207 4, RFC 4954 4, RFC 5321 3.3: TLS first, then AUTH, then the mail. */
static void next_by_offer(struct rule *rule)
{
    bool has_mechanism = may_use(rule, rule->plain, "PLAIN") || may_use(rule, rule->login, "LOGIN");

    if (wants_tls(rule) && rule->starttls) {
        rule->next = STINT_STAGE_STARTTLS;
    } else if (wants_tls(rule)) {
        decline(rule, STINT_ERROR_NO_STARTTLS, STINT_STAGE_STARTTLS);
    } else if (rule->given->account.user != NULL && !rule->authenticated && has_mechanism) {
        rule->next = STINT_STAGE_AUTH;
    } else if (rule->given->account.user != NULL && !rule->authenticated) {
        decline(rule, STINT_ERROR_NO_AUTH, STINT_STAGE_AUTH);
    } else if (mail_of(rule) != NULL) {
        next_mail(rule);
    } else {
        decide(rule, STINT_ERROR_NONE, STINT_STAGE_QUIT);
        rule->next = STINT_STAGE_QUIT;
    }
}

/* ---- What the client says ---- */

static void wait_for_reply(struct rule *rule, enum stint_stage stage, enum stint_stage next)
{
    if (rule->waiting_count == 2) {
        wrong(rule, "more is said than can be answered", "", 0);
        return;
    }
    rule->waiting[rule->waiting_count++] = stage;
    rule->next = next;
}

static bool ends_with(const struct rule *rule, const char *end)
{
    size_t length = strlen(end);

    return rule->command_length >= length &&
           memcmp(rule->command + rule->command_length - length, end, length) == 0;
}

static bool begins_with(const struct rule *rule, const char *start)
{
    size_t length = strlen(start);

    return rule->command_length >= length && memcmp(rule->command, start, length) == 0;
}

/* RFC 4954 4: how many responses the server still has to ask for, by the command alone. */
static void count_responses(struct rule *rule)
{
    if (begins_with(rule, "AUTH LOGIN\r\n")) {
        rule->responses_left = 2;
    } else if (begins_with(rule, "AUTH PLAIN\r\n")) {
        rule->responses_left = 1;
    } else if (begins_with(rule, "AUTH PLAIN ")) {
        rule->responses_left = 0;
    } else if (begins_with(rule, "AUTH ")) {
        wrong(rule, "unknown mechanism", rule->command, rule->command_length);
    } else if (rule->responses_left > 0) {
        rule->responses_left--;
    }
}

static void command_said(struct rule *rule)
{
    static const char *const verbs[] = {
        [STINT_STAGE_EHLO] = "EHLO ",
        [STINT_STAGE_HELO] = "HELO ",
        [STINT_STAGE_STARTTLS] = "STARTTLS\r\n",
        [STINT_STAGE_AUTH] = "",
        [STINT_STAGE_MAIL] = "MAIL FROM:<",
        [STINT_STAGE_RCPT] = "RCPT TO:<",
        [STINT_STAGE_DATA] = "DATA\r\n",
        [STINT_STAGE_QUIT] = "QUIT\r\n",
    };
    bool has_verb = rule->next == STINT_STAGE_QUIT || rule->next < STINT_STAGE_CONTENT;
    const char *verb = has_verb ? verbs[rule->next] : NULL;

    if (rule->has_quit || (rule->waiting_count > 0 && !(is_in_doubt(rule) && rule->pipelining))) {
        wrong(rule, "a command before the reply", rule->command, rule->command_length);
    } else if (verb == NULL || !begins_with(rule, verb)) {
        wrong(rule, "not the command that comes next", rule->command, rule->command_length);
    } else if (rule->cancels && !begins_with(rule, "*\r\n")) {
        wrong(rule, "AUTH goes on where it cannot", rule->command, rule->command_length);
    } else if (rule->next == STINT_STAGE_AUTH) {
        count_responses(rule);
    }
    if (rule->next >= STINT_STAGE_AUTH && rule->next < STINT_STAGE_QUIT && wants_tls(rule)) {
        wrong(rule, "said outside TLS", rule->command, rule->command_length);
    }
    rule->has_quit = rule->next == STINT_STAGE_QUIT;
    wait_for_reply(rule, rule->next, rule->next);
}

static void content_octet(struct rule *rule)
{
    if ((rule->command_length == 3 && ends_with(rule, ".\r\n")) || ends_with(rule, "\r\n.\r\n")) {
        rule->message_said = true;
        wait_for_reply(rule, STINT_STAGE_CONTENT, STINT_STAGE_QUIT);
        rule->command_length = 0;
    }
}

void rule_client_said(struct rule *rule, const char *octets, size_t length)
{
    size_t i;

    if (rule->all_heard) {
        wrong(rule, "words behind the end", octets, length);
    }
    for (i = 0; i < length; i++) {
        if (rule->command_length == sizeof rule->command) { /* its end is all that matters */
            memmove(rule->command, rule->command + 100, sizeof rule->command - 100);
            rule->command_length -= 100;
        }
        rule->command[rule->command_length++] = octets[i];
        if (rule->next == STINT_STAGE_CONTENT) {
            content_octet(rule);
        } else if (octets[i] == '\n') {
            command_said(rule);
            rule->command_length = 0;
        }
    }
}

/* ---- What the server says: after each reply ---- */

/* RFC 5321 4.2.1 and 3.8: no means no, and QUIT; 421 means that the server listens no more; and
 * what is neither yes nor no makes no sense here. */
static void refused(struct rule *rule, unsigned code)
{
    enum stint_stage stage = position(rule);
    unsigned told = stage > STINT_STAGE_RCPT ? code : 0;

    tell(rule, code, rule->text);
    if (code / 100 != 4 && code / 100 != 5) {
        break_off(rule, STINT_ERROR_PROTOCOL);
        return;
    }
    decide(rule, code / 100 == 4 ? STINT_ERROR_TEMPORARY : STINT_ERROR_PERMANENT, stage);
    settle(rule, STINT_FATE_NOT_ACCEPTED, told);
    rule->all_heard = code == 421;
    rule->next = STINT_STAGE_QUIT;
}

static void forget_offer(struct rule *rule)
{
    rule->starttls = rule->pipelining = rule->eight_bit = rule->plain = rule->login = false;
    rule->size = 0;
}

static void ehlo_answered(struct rule *rule, unsigned code)
{
    if (code / 100 == 2) {
        next_by_offer(rule);
    } else if ((code == 500 || code == 502) && rule->security == STINT_SECURITY_NONE) {
        tell(rule, 0, "");
        forget_offer(rule);
        rule->next = STINT_STAGE_HELO;
    } else {
        refused(rule, code);
    }
}

/* RFC 4954 4: 334 asks for a response, 235 says that all was said and is right. */
static void auth_answered(struct rule *rule, unsigned code)
{
    if (rule->cancels) {
        rule->cancels = false;
        rule->next = STINT_STAGE_QUIT;
    } else if (code == 235 && rule->responses_left == 0) {
        rule->authenticated = true;
        next_by_offer(rule);
    } else if (code == 334 && (rule->responses_left == 0 || !rule->is_base64)) {
        tell(rule, code, rule->text);
        decide(rule, STINT_ERROR_PROTOCOL, STINT_STAGE_AUTH);
        rule->cancels = true;
    } else if (code != 334) {
        refused(rule, code);
    }
}

/* Of several refusals the first permanent one is told, or else the first. */
static void tell_refusal(struct rule *rule, unsigned code)
{
    unsigned told = rule->verdict.code;

    if (told < 400 || (told < 500 && code >= 500)) {
        tell(rule, code, rule->text);
    }
}

/* RFC 5321 3.3: the message is for those whom the server accepts, if there is one; by policy, only
 * if it accepts them all. */
static void all_rcpt_answered(struct rule *rule)
{
    size_t count = mail_of(rule)->recipient_count;
    size_t accepted = 0;
    bool permanent = false;
    size_t i;

    for (i = 0; i < count; i++) {
        accepted += rule->verdict.recipients[i].code / 100 == 2;
        permanent = permanent || rule->verdict.recipients[i].code / 100 == 5;
    }
    rule->next = STINT_STAGE_DATA;
    if (accepted == 0 || (accepted < count && mail_of(rule)->policy == STINT_POLICY_ALL)) {
        decide(rule, permanent ? STINT_ERROR_PERMANENT : STINT_ERROR_TEMPORARY, STINT_STAGE_RCPT);
        settle(rule, STINT_FATE_NOT_ACCEPTED, 0);
        rule->next = STINT_STAGE_QUIT;
    }
}

static void rcpt_answered(struct rule *rule, unsigned code)
{
    unsigned digit = code / 100;

    if (digit == 2 || digit == 4 || digit == 5) {
        rule->verdict.recipients[rule->recipient].code = (uint16_t)code;
    }
    if (code == 421 || digit == 1 || digit == 3) {
        refused(rule, code);
        return;
    }
    if (digit != 2) {
        tell_refusal(rule, code);
    }
    if (++rule->recipient == mail_of(rule)->recipient_count) {
        all_rcpt_answered(rule);
    }
}

static void content_answered(struct rule *rule, unsigned code)
{
    if (code / 100 != 2) {
        refused(rule, code);
        return;
    }
    settle(rule, STINT_FATE_ACCEPTED, code);
    if (rule->verdict.fate == STINT_FATE_ACCEPTED) {
        decide(rule, STINT_ERROR_NONE, STINT_STAGE_QUIT);
    } else {
        decide(rule, STINT_ERROR_PARTIAL, STINT_STAGE_RCPT);
    }
}

/* The reply with which the session is going well so far. A refused recipient stays more important.
 */
static void tell_of_success(struct rule *rule, unsigned code)
{
    if (!rule->is_decided && rule->verdict.code < 400 && code / 100 < 4) {
        tell(rule, code, rule->text);
    }
}

static void answered(struct rule *rule, enum stint_stage stage, unsigned code)
{
    static const struct {
        unsigned yes;
        enum stint_stage next;
    } steps[] = {
        [STINT_STAGE_GREETING] = {220, STINT_STAGE_EHLO},
        [STINT_STAGE_MAIL] = {2, STINT_STAGE_RCPT},
        [STINT_STAGE_DATA] = {354, STINT_STAGE_CONTENT},
    };

    tell_of_success(rule, code);
    switch (stage) {
    case STINT_STAGE_EHLO: ehlo_answered(rule, code); return;
    case STINT_STAGE_HELO: code / 100 == 2 ? next_by_offer(rule) : refused(rule, code); return;
    case STINT_STAGE_AUTH: auth_answered(rule, code); return;
    case STINT_STAGE_RCPT: rcpt_answered(rule, code); return;
    case STINT_STAGE_CONTENT: content_answered(rule, code); return;
    case STINT_STAGE_QUIT: rule->all_heard = true; return;
    case STINT_STAGE_STARTTLS:
        rule->at_seam = code == 220;
        if (!rule->at_seam) {
            refused(rule, code);
        }
        return;
    default: break;
    }
    if (code == steps[stage].yes || code / 100 == steps[stage].yes) {
        rule->next = steps[stage].next;
    } else {
        refused(rule, code);
    }
}

/* RFC 5321 3.8: a reply that nothing asked for says that the server leaves, or that it is out of
 * step; in no case it is a yes to what was not said yet. */
static void unasked(struct rule *rule, unsigned code)
{
    bool says_no = code / 100 == 4 || code / 100 == 5;

    if (rule->next == STINT_STAGE_QUIT) {
        rule->all_heard = true; /* QUIT changes nothing */
        return;
    }
    tell(rule, code, rule->text);
    decide(rule,
           code / 100 == 4   ? STINT_ERROR_TEMPORARY
           : code / 100 == 5 ? STINT_ERROR_PERMANENT
                             : STINT_ERROR_PROTOCOL,
           rule->next);
    settle(rule, STINT_FATE_NOT_ACCEPTED, says_no && rule->next > STINT_STAGE_RCPT ? code : 0);
    rule->all_heard = true;
}

static void reply_heard(struct rule *rule)
{
    unsigned code = (unsigned)strtoul(rule->line, NULL, 10);

    rule->text[rule->text_length] = '\0';
    if (rule->waiting_count == 0) {
        unasked(rule, code);
    } else {
        /* taken off last: what follows is about this exchange */
        enum stint_stage stage = rule->waiting[0];

        answered(rule, stage, code);
        rule->waiting_count--;
        rule->waiting[0] = rule->waiting[1];
    }
    rule->is_first_line = true;
    rule->is_base64 = true;
    rule->text_length = 0;
}

/* ---- What the server says: octets ---- */

static void offer(struct rule *rule)
{
    char *text = rule->line + 4;
    char *word = strtok(text, " \r\n");

    if (word != text) {
        return; /* RFC 5321 4.1.1.1: the keyword begins the line */
    }
    rule->starttls = rule->starttls || strcasecmp(word, "STARTTLS") == 0;
    rule->pipelining = rule->pipelining || strcasecmp(word, "PIPELINING") == 0;
    rule->eight_bit = rule->eight_bit || strcasecmp(word, "8BITMIME") == 0;
    if (strcasecmp(word, "SIZE") == 0) {
        char *end = NULL;
        char *number = strtok(NULL, " \r\n");

        rule->size = number != NULL ? strtoul(number, &end, 10) : 0;
        rule->size = number != NULL && *end == '\0' && rule->size <= UINT32_MAX ? rule->size : 0;
    } else if (strcasecmp(word, "AUTH") == 0 || strncasecmp(word, "AUTH=", 5) == 0) {
        word = word[4] == '=' ? word + 5 : strtok(NULL, " \r\n");
        for (; word != NULL; word = strtok(NULL, " \r\n")) {
            rule->plain = rule->plain || strcasecmp(word, "PLAIN") == 0;
            rule->login = rule->login || strcasecmp(word, "LOGIN") == 0;
        }
    }
}

static void keep_text(struct rule *rule, char octet)
{
    bool shown = (octet >= ' ' && octet <= '~') || octet == '\n';

    if (rule->text_length + 1 < sizeof rule->text) {
        rule->text[rule->text_length++] = shown ? octet : '?';
    }
}

static void line_heard(struct rule *rule)
{
    bool is_last = rule->line[3] != '-';

    rule->line[rule->line_length] = '\0';
    if (rule->is_first_line) {
        memcpy(rule->first_code, rule->line, 3);
    }
    if (position(rule) == STINT_STAGE_EHLO && rule->waiting_count > 0) {
        if (rule->is_first_line) {
            forget_offer(rule);
        } else if (rule->line_length > 5) {
            offer(rule);
        }
    }
    rule->is_first_line = false;
    if (is_last) {
        reply_heard(rule);
    } else {
        keep_text(rule, '\n');
    }
    rule->line_length = 0;
    rule->heard_cr = false;
}

/* RFC 5321 4.2: is the octet at `place` in a line possible there? */
static bool is_possible(const struct rule *rule, size_t place, char octet)
{
    bool is_digit = octet >= '0' && octet <= '9';

    if (rule->heard_cr || octet == '\n') {
        return rule->heard_cr && octet == '\n';
    }
    switch (place) {
    case 0: return octet >= '1' && octet <= '5';
    case 1: return is_digit;
    case 2:
        return is_digit && (rule->is_first_line || (memcmp(rule->line, rule->first_code, 2) == 0 &&
                                                    octet == rule->first_code[2]));
    case 3: return octet == ' ' || octet == '-' || octet == '\r';
    default: return octet != '\0';
    }
}

static void nonsense(struct rule *rule)
{
    if (position(rule) == STINT_STAGE_QUIT) {
        rule->all_heard = true; /* QUIT changes nothing */
        return;
    }
    tell(rule, 0, "");
    break_off(rule, STINT_ERROR_PROTOCOL);
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

static void server_octet(struct rule *rule, char octet)
{
    if (!is_possible(rule, rule->line_length, octet)) {
        nonsense(rule);
        return;
    }
    if (rule->line_length >= 4 && octet != '\r' && octet != '\n') {
        rule->is_base64 = rule->is_base64 && strchr(base64, octet) != NULL;
        keep_text(rule, octet);
    }
    if (rule->line_length + 1 < sizeof rule->line) {
        rule->line[rule->line_length++] = octet;
    }
    rule->heard_cr = octet == '\r';
    if (octet == '\n') {
        line_heard(rule);
    }
}

void rule_server_said(struct rule *rule, const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length && !rule->all_heard; i++) {
        if (rule->at_seam) { /* RFC 3207 4.2, CVE-2021-22947 */
            tell(rule, 0, "");
            decide(rule, STINT_ERROR_INJECTION, STINT_STAGE_STARTTLS);
            rule->all_heard = true;
        } else {
            server_octet(rule, octets[i]);
        }
    }
}

/* ---- The rest of the world ---- */

void rule_start(struct rule *rule, const struct transcript *given, enum stint_security security)
{
    memset(rule, 0, sizeof *rule);
    rule->given = given;
    rule->security = security;
    rule->next = STINT_STAGE_START;
    rule->is_first_line = true;
    rule->is_base64 = true;
}

void rule_connecting(struct rule *rule)
{
    rule->next = STINT_STAGE_CONNECT;
}

void rule_connected(struct rule *rule)
{
    wait_for_reply(rule, STINT_STAGE_GREETING, STINT_STAGE_EHLO);
}

void rule_shaking(struct rule *rule)
{
    rule->at_seam = false;
    rule->waiting_count = 0;
    rule->next = STINT_STAGE_TLS;
}

void rule_secured(struct rule *rule)
{
    bool is_new = rule->security == STINT_SECURITY_IMPLICIT;

    rule->secure = true;
    rule->next = STINT_STAGE_EHLO;
    forget_offer(rule);
    if (is_new) {
        wait_for_reply(rule, STINT_STAGE_GREETING, STINT_STAGE_EHLO);
    }
}

void rule_fault(struct rule *rule, enum stint_error error)
{
    if (rule->fault == STINT_ERROR_NONE) {
        rule->fault = error;
    } else if (rule->second == STINT_ERROR_NONE) {
        rule->second = error;
    }
}

size_t rule_message(const struct fake_source *message, bool eight_bit, char *octets, size_t room)
{
    size_t n = 0;
    size_t line = 0; /* its octets, undoubled */
    size_t i;

    for (i = 0; i < message->length && n + 6 < room; i++) {
        uint8_t octet = (uint8_t)message->text[i];
        bool is_end = octet == '\r' || octet == '\n';

        if (octet == '\n' && i > 0 && message->text[i - 1] == '\r') {
            continue;
        }
        if (is_end) {
            octets[n++] = '\r';
            octets[n++] = '\n';
            line = 0;
            continue;
        }
        if (octet == 0 || line == 998 || (octet >= 0x80 && !eight_bit)) {
            return 0;
        }
        if (line++ == 0 && octet == '.') {
            octets[n++] = '.';
        }
        octets[n++] = (char)octet;
    }
    if (line > 0) {
        octets[n++] = '\r';
        octets[n++] = '\n';
    }
    memcpy(octets + n, ".\r\n", 3);
    return n + 3;
}

/* RFC 5321 4.5.3.1.6 and RFC 6152: is there something in the message that may not be sent? */
static bool message_is_bad(const struct rule *rule)
{
    static char octets[TRANSCRIPT_ROOM];
    const struct fake_source *message = &rule->given->mails[0].source;

    return rule_message(message, rule->eight_bit && message->source.content != STINT_CONTENT_7BIT,
                        octets, sizeof octets) == 0;
}

static void judge_fault(struct rule *rule)
{
    bool bad =
        rule->next == STINT_STAGE_CONTENT && rule->waiting_count == 0 && message_is_bad(rule);

    if (rule->fault == STINT_ERROR_NONE && bad) {
        rule->fault = STINT_ERROR_CONTENT;
    } else if (bad) {
        rule->second = STINT_ERROR_CONTENT;
    }
    if (rule->fault == STINT_ERROR_NONE) {
        wrong(rule, "the client ends for no reason", "", 0);
        return;
    }
    tell(rule, 0, "");
    rule->verdict.also = rule->second;
    break_off(rule, rule->fault);
}

const struct rule_verdict *rule_judge(struct rule *rule)
{
    if (!rule->is_decided) {
        judge_fault(rule);
    } else if (!rule->has_quit && !rule->all_heard && rule->fault == STINT_ERROR_NONE) {
        wrong(rule, "the client does not say QUIT", "", 0);
    }
    return &rule->verdict;
}
