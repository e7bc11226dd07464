/* SPDX-License-Identifier: MIT */
#include "mails.h"

#include "parameters.h"

#include <string.h>
#include <strings.h>

const struct stint_mail *mails_get(const struct rule *rule, size_t mail)
{
    return mail < rule->given->mail_count ? &rule->given->mails[mail].mail : NULL;
}

bool mails_by_bdat(const struct rule *rule, size_t mail)
{
    const struct stint_source *source = mails_get(rule, mail)->source;

    return rule->offer.chunking && source->size_is_exact && source->size > 0;
}

bool mails_in_chunks(const struct rule *rule, size_t mail)
{
    return mails_get(rule, mail)->source->content == STINT_CONTENT_BINARY &&
           !mails_by_bdat(rule, mail);
}

/* RFC 9422 4.1. */
static bool may_begin(const struct rule *rule)
{
    return rule->offer.mail_max == 0 || rule->begun < rule->offer.mail_max;
}

/* ---- Recipients ---- */

static const char *domain_of(const struct rule *rule, size_t mail, size_t recipient)
{
    const char *at = strrchr(mails_get(rule, mail)->recipients[recipient].address, '@');

    return at != NULL ? at + 1 : "";
}

/* The recipients who were named before, one of each domain. */
static size_t count_domains(const struct rule *rule, const char *but)
{
    const char *domains[TRANSCRIPT_MAILS_MAX * TRANSCRIPT_RECIPIENTS_MAX];
    size_t count = 0;
    size_t mail;
    size_t i;
    size_t j;

    for (mail = 0; mail <= rule->mail; mail++) {
        for (i = 0; i < mails_get(rule, mail)->recipient_count; i++) {
            const char *domain = domain_of(rule, mail, i);
            bool is_new = rule->verdicts[mail].was_named[i] && strcasecmp(domain, but) != 0;

            for (j = 0; j < count; j++) {
                is_new = is_new && strcasecmp(domain, domains[j]) != 0;
            }
            if (is_new) {
                domains[count++] = domain;
            }
        }
    }
    return count;
}

/* RFC 9422 4.3: so many domains in a session. */
static bool is_barred(const struct rule *rule, size_t mail, size_t recipient)
{
    const char *domain = domain_of(rule, mail, recipient);
    size_t all = count_domains(rule, "?");

    return mails_get(rule, mail)->policy == STINT_POLICY_ANY && rule->offer.domain_max > 0 &&
           count_domains(rule, domain) == all && all >= rule->offer.domain_max;
}

static bool may_ask_somebody(const struct rule *rule, size_t mail)
{
    size_t i;

    for (i = 0; i < mails_get(rule, mail)->recipient_count; i++) {
        if (rule->verdicts[mail].asked[i] == ASKED_NOT && !is_barred(rule, mail, i)) {
            return true;
        }
    }
    return false;
}

bool mails_may_split(const struct rule *rule, size_t mail)
{
    return mails_get(rule, mail)->policy == STINT_POLICY_ANY &&
           mails_get(rule, mail)->source->rewind != NULL && may_begin(rule);
}

bool mails_split(const struct rule *rule, size_t mail)
{
    return !rule->verdicts[mail].is_decided && may_begin(rule) && may_ask_somebody(rule, mail);
}

/* RFC 9422 4.2: so many in a transaction; but who wants all or nobody, or can read the message only
 * once, has one transaction. */
size_t mails_next_recipient(struct rule *rule, size_t from)
{
    struct verdict *verdict = &rule->verdicts[rule->mail];
    const struct stint_mail *mail = mails_get(rule, rule->mail);
    bool is_one = mail->policy == STINT_POLICY_ALL || mail->source->rewind == NULL;
    bool is_full = rule->offer.rcpt_max > 0 && !is_one &&
                   rule->transactions[rule->mail].asked >= rule->offer.rcpt_max;
    size_t i;

    for (i = from; i < mail->recipient_count; i++) {
        if (verdict->asked[i] == ASKED_NOT && is_barred(rule, rule->mail, i)) {
            verdict->asked[i] = ASKED_NEVER;
        } else if (verdict->asked[i] == ASKED_NOT && !is_full) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* ---- Mails ---- */

/* stint/client.h: what is wrong with a mail behind the first is seen when it is its turn. Of all
 * that can be wrong, transcripts have an address without a domain. */
static size_t malformed_recipient(const struct stint_mail *mail)
{
    size_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        const char *address = mail->recipients[i].address;

        if (strchr(address, '@') == NULL && strcasecmp(address, "postmaster") != 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool has_utf8(const char *address)
{
    size_t i;

    for (i = 0; address[i] != '\0'; i++) {
        if ((unsigned char)address[i] > 127) {
            return true;
        }
    }
    return false;
}

bool mails_need_utf8(const struct stint_mail *mail)
{
    bool need = mail->source->utf8_header || has_utf8(mail->reverse_path);
    size_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        need = need || has_utf8(mail->recipients[i].address);
    }
    return need;
}

/* RFC 1870 6.1, RFC 6152 3, RFC 3030 3, RFC 6531 3.1: what the server cannot take is not begun. */
static enum stint_error misfit(const struct rule *rule, const struct stint_mail *mail)
{
    const struct stint_source *source = mail->source;

    if (rule->offer.size_limit > 0 && source->size > rule->offer.size_limit) {
        return STINT_ERROR_TOO_LARGE;
    }
    if (source->content == STINT_CONTENT_8BIT && !rule->offer.eight_bit) {
        return STINT_ERROR_NO_8BITMIME;
    }
    if (source->content == STINT_CONTENT_BINARY && !(rule->offer.binary && rule->offer.chunking)) {
        return STINT_ERROR_NO_BINARYMIME;
    }
    if (mails_need_utf8(mail) && !(rule->offer.utf8 && rule->offer.eight_bit)) {
        return STINT_ERROR_NO_SMTPUTF8;
    }
    return parameters_misfit(rule, mail) != STINT_FIELD_NONE ? STINT_ERROR_NO_EXTENSION
                                                             : STINT_ERROR_NONE;
}

static enum stint_error obstacle(const struct rule *rule, size_t mail)
{
    enum stint_error error = misfit(rule, mails_get(rule, mail));

    return error == STINT_ERROR_NONE && rule->cannot_start[mail] ? STINT_ERROR_SOURCE : error;
}

static void decline(struct verdict *verdict, enum stint_error error, enum stint_stage stage)
{
    verdict_tell(verdict, NULL);
    verdict_decide(verdict, error, stage);
}

/* What they were told who are asked in another transaction has decided nothing. */
static void forget_answers(struct verdict *verdict)
{
    size_t i;

    for (i = 0; i < verdict->mail->recipient_count; i++) {
        if (verdict->asked[i] == ASKED_NOT) {
            memset(&verdict->recipients[i], 0, sizeof verdict->recipients[i]);
        }
    }
}

/* Returns false if it cannot be begun, and why is decided. */
static bool begin(struct rule *rule, size_t mail)
{
    struct verdict *verdict = &rule->verdicts[mail];
    size_t malformed = malformed_recipient(mails_get(rule, mail));

    rule->mail = mail;
    if (malformed != SIZE_MAX) {
        verdict->field = STINT_FIELD_RECIPIENT;
        decline(verdict, STINT_ERROR_CONFIG, STINT_STAGE_START);
    } else if (misfit(rule, verdict->mail) != STINT_ERROR_NONE) {
        verdict->field = misfit(rule, verdict->mail) == STINT_ERROR_NO_EXTENSION
                             ? parameters_misfit(rule, verdict->mail)
                             : STINT_FIELD_NONE;
        decline(verdict, misfit(rule, verdict->mail), STINT_STAGE_MAIL);
    } else if (!may_ask_somebody(rule, mail)) {
        verdict_conclude(verdict);
    } else if (rule->cannot_start[mail]) {
        decline(verdict, STINT_ERROR_SOURCE, STINT_STAGE_MAIL);
    } else {
        memset(&rule->transactions[mail], 0, sizeof rule->transactions[mail]);
        forget_answers(verdict);
        rule->next = rule->is_open ? STINT_STAGE_RSET : STINT_STAGE_MAIL;
        return true;
    }
    return false;
}

static bool may_wait(const struct rule *rule)
{
    return rule->given->account.idle_ms > 0 && !rule->idle_is_over && may_begin(rule);
}

static void begin_from(struct rule *rule, size_t mail)
{
    for (; mail < rule->available && may_begin(rule); mail++) {
        if (begin(rule, mail)) {
            return;
        }
    }
    rule->next = STINT_STAGE_QUIT;
    rule->is_idle = may_wait(rule);
}

void mails_begin(struct rule *rule)
{
    begin_from(rule, 0);
}

void mails_go_on(struct rule *rule)
{
    if (rule->is_idle) {
        rule->is_idle = false;
        begin_from(rule, rule->mail + 1);
    } else if (!mails_split(rule, rule->mail) || !begin(rule, rule->mail)) {
        verdict_conclude(&rule->verdicts[rule->mail]);
        begin_from(rule, rule->mail + 1);
    }
}

void mails_decline(struct rule *rule)
{
    decline(&rule->verdicts[rule->mail], STINT_ERROR_SOURCE, STINT_STAGE_MAIL);
    begin_from(rule, rule->mail + 1);
}

bool mails_may_follow(const struct rule *rule)
{
    size_t next = rule->mail + 1;

    return rule->offer.pipelining && !mails_split(rule, rule->mail) && next < rule->available &&
           may_begin(rule) && malformed_recipient(mails_get(rule, next)) == SIZE_MAX &&
           obstacle(rule, next) == STINT_ERROR_NONE && may_ask_somebody(rule, next);
}

bool mails_are_over(const struct rule *rule)
{
    return !mails_split(rule, rule->mail) &&
           (rule->mail + 1 >= rule->available || !may_begin(rule)) && !may_wait(rule);
}

void mails_follow(struct rule *rule)
{
    bool by_dot = !mails_by_bdat(rule, rule->mail) && !mails_in_chunks(rule, rule->mail);

    rule->mail++;
    memset(&rule->transactions[rule->mail], 0, sizeof rule->transactions[rule->mail]);
    rule->next = by_dot ? STINT_STAGE_MAIL : STINT_STAGE_RSET;
}
