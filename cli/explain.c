/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include "advice.h"
#include "print.h"
#include "tls_names.h"

#include <stdarg.h>
#include <string.h>

struct line {
    char text[4096];
    size_t length;
};

static void say(struct line *line, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

static void say(struct line *line, const char *format, ...)
{
    size_t room = sizeof line->text - line->length;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    if (length > 0) {
        line->length += (size_t)length < room ? (size_t)length : room - 1;
    }
}

static void say_name(struct line *line, const struct outcome *outcome)
{
    if (outcome->named) {
        say(line, "%s: ", outcome->mail->message.name);
    }
}

/* Behind the name in front of the line. */
static const char *name_or_it(const struct outcome *outcome)
{
    return outcome->named ? "it" : outcome->mail->message.name;
}

/* "535 5.7.8 Authentication failed / see https://..." */
static void say_reply(struct line *line, const struct outcome *outcome)
{
    if (outcome->result->code == 0) {
        return;
    }
    say(line, ": %u", (unsigned)outcome->result->code);
    for (const char *text = outcome->text; *text != '\0';) {
        size_t length = strcspn(text, "\n");

        say(line, "%s %.*s", text == outcome->text ? "" : " /", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void say_stage(struct line *line, const struct outcome *outcome)
{
    const char *host = outcome->options->host;

    switch (outcome->result->stage) {
    case STINT_STAGE_START: break;
    case STINT_STAGE_CONNECT:
        say(line, "connecting to %s, port %u: ", host, (unsigned)outcome->options->port);
        break;
    case STINT_STAGE_TLS: say(line, "TLS with %s: ", host); break;
    case STINT_STAGE_GREETING: say(line, "greeting of %s: ", host); break;
    case STINT_STAGE_AUTH: say(line, "authentication (AUTH): "); break;
    case STINT_STAGE_RSET: say(line, "RSET: "); break;
    case STINT_STAGE_MAIL: say(line, "sender (MAIL): "); break;
    case STINT_STAGE_RCPT: say(line, "recipients (RCPT): "); break;
    case STINT_STAGE_CONTENT: say(line, "message: "); break;
    case STINT_STAGE_EHLO: say(line, outcome->options->lmtp ? "LHLO: " : "EHLO: "); break;
    case STINT_STAGE_HELO: say(line, "HELO: "); break;
    case STINT_STAGE_STARTTLS: say(line, "STARTTLS: "); break;
    case STINT_STAGE_DATA: say(line, "DATA: "); break;
    case STINT_STAGE_QUIT: say(line, "QUIT: "); break;
    default: break;
    }
}

/* By LMTP the message may be, too (RFC 2033 4.2). */
static bool is_about_recipient(const struct outcome *outcome)
{
    const struct stint_result *result = outcome->result;

    return outcome->mail != NULL && result->code != 0 &&
           (result->stage == STINT_STAGE_RCPT ||
            (outcome->options->lmtp && result->stage == STINT_STAGE_CONTENT));
}

static void say_refusal(struct line *line, const struct outcome *outcome, const char *how)
{
    const struct stint_result *result = outcome->result;

    if (result->stage == STINT_STAGE_RCPT && result->code == 0) {
        say(line, "the server's LIMITS have no room for <%s> in this session",
            outcome->mail->envelope.recipients[result->recipient].address);
    } else if (is_about_recipient(outcome)) {
        say(line, "the server refused <%s> %s",
            outcome->mail->envelope.recipients[result->recipient].address, how);
    } else {
        say(line, "the server refused %s", how);
    }
    say_reply(line, outcome);
}

/* Of one of these two; which, is clear where only one is given. */
static void say_bad_dsn(struct line *line, const struct outcome *outcome)
{
    const struct stint_mail_parameters *asked = outcome->mail->envelope.parameters;
    const char *const *originals = asked->originals;

    if (asked->envelope_id != NULL) {
        say(line,
            "--envid '%s': it is not printable ASCII of at most 100 octets, of which a space, "
            "+ and = count three each",
            asked->envelope_id);
    }
    if (asked->envelope_id != NULL && originals != NULL) {
        say(line, "; or ");
    }
    if (originals != NULL) {
        say(line,
            "--orcpt '%s': it is not TYPE;ADDRESS of at most 500 octets, in printable ASCII or of "
            "the type utf-8",
            originals[outcome->result->recipient] != NULL ? originals[outcome->result->recipient]
                                                          : "");
    }
}

static void say_config(struct line *line, const struct outcome *outcome)
{
    const struct stint_result *result = outcome->result;
    const struct options *options = outcome->options;

    switch (result->field) {
    case STINT_FIELD_HOST:
        say(line, "--server '%s': it is not a host name or an address", options->host);
        break;
    case STINT_FIELD_EHLO_NAME:
        if (options->helo == NULL) {
            say(line, "this machine has neither a full name nor an address: give --helo");
        } else {
            say(line, "--helo '%s': it is not a domain name or [ADDRESS]", options->helo);
        }
        break;
    case STINT_FIELD_REVERSE_PATH:
        say(line,
            "--from '%s': it is not an address of the form name@domain, with at most 64 "
            "octets before the @ and 254 in all",
            options->from);
        break;
    case STINT_FIELD_RECIPIENT:
        say(line,
            "--to '%s': it is not an address of the form name@domain, with at most 64 "
            "octets "
            "before the @ and 254 in all",
            outcome->mail->envelope.recipients[result->recipient].address);
        break;
    case STINT_FIELD_DSN: say_bad_dsn(line, outcome); break;
    case STINT_FIELD_SUBMITTER:
        say(line, "--submitter '%s': it is not an address of the form name@domain, in ASCII",
            options->parameters.submitter);
        break;
    case STINT_FIELD_HOLD:
        say(line, "--hold-until '%s': it is not a time as 2026-12-24T18:00:00Z",
            options->parameters.hold_until);
        break;
    case STINT_FIELD_MECHANISM:
        say(line,
            "--auth '%s': stint does not know it, or not for this kind of secret (SCRAM: a user "
            "and a password of printable ASCII)",
            options->mechanism);
        break;
    case STINT_FIELD_USER: say(line, "--user: it cannot be used as it is"); break;
    case STINT_FIELD_PASSWORD:
        say(line, "%s",
            outcome->options->token_file != NULL
                ? "the token holds what no token does: a space, or what is not ASCII"
                : "the password is longer than 255 octets, or holds CR or LF");
        break;
    case STINT_FIELD_CLOCK: say(line, "this machine's clock is not set"); break;
    default: say(line, "the %s is not usable", stint_field_name(result->field)); break;
    }
}

/* Which option the server cannot satisfy. */
static void say_extension(struct line *line, unsigned field)
{
    switch (field) {
    case STINT_FIELD_DSN:
        say(line, "the server offers no DSN, for --notify, --ret, --envid and --orcpt");
        break;
    case STINT_FIELD_SUBMITTER: say(line, "the server offers no AUTH, for --submitter"); break;
    case STINT_FIELD_REQUIRE_TLS:
        say(line, "the server offers no REQUIRETLS, for --require-tls");
        break;
    case STINT_FIELD_PRIORITY:
        say(line, "the server offers no MT-PRIORITY, for --mt-priority");
        break;
    case STINT_FIELD_DELIVER_BY:
        say(line, "the server offers no DELIVERBY, or not for so short a time, for --deliver-by");
        break;
    default:
        say(line, "the server offers no FUTURERELEASE, or not for so long a time, for --hold-for "
                  "and --hold-until");
        break;
    }
}

static void say_tls_error(struct line *line, int error)
{
    const char *alert = tls_alert_name(error);

    if (alert != NULL) {
        say(line, "%s: %s (%d)", tls_error_text(error), alert, error & 255);
    } else if (error == STINT_TLS_ERROR_PIN) {
        say(line, "%s", tls_error_text(error));
    } else {
        say(line, "%s (BearSSL %d)", tls_error_text(error), error);
    }
}

/* Which one of the chain it is, and who would have to vouch for it. */
static void say_certificate(struct line *line, const struct outcome *outcome)
{
    const struct chain *chain = outcome->chain;
    unsigned index = outcome->result->certificate;

    say(line, "the server's certificate is not acceptable: ");
    say_tls_error(line, outcome->result->tls_error);
    if (index >= chain->count || index >= CHAIN_REMEMBERED ||
        chain->names[index].subject[0] == '\0') {
        return;
    }
    if (outcome->result->tls_error == BR_ERR_X509_NOT_TRUSTED) {
        say(line, ": it needs the root %s", chain->names[index].issuer);
    } else {
        say(line, ": number %u of %u in its chain, %s, issued by %s", index + 1, chain->count,
            chain->names[index].subject, chain->names[index].issuer);
    }
    if (outcome->result->tls_error == BR_ERR_X509_EXPIRED) {
        say(line, ", valid from %s to %s UTC", chain->names[index].not_before,
            chain->names[index].not_after);
    }
}

static void say_timeout(struct line *line, const struct outcome *outcome)
{
    if (outcome->result->stage == STINT_STAGE_CONNECT) {
        say(line, "no connection in time");
    } else if (outcome->result->stage == STINT_STAGE_CONTENT && outcome->mail != NULL &&
               !outcome->mail->message.ended) {
        say(line, "time ran out before all of the message had come and gone");
    } else {
        say(line, "the server did not answer in time");
    }
}

static void say_io(struct line *line, const struct outcome *outcome)
{
    char buffer[256];
    const char *why = stint_posix_error(outcome->port, buffer, sizeof buffer);

    say(line, "the connection failed%s%s", *why != '\0' ? ": " : "", why);
}

/* What went wrong, and so whose fault it is. */
static void say_error(struct line *line, const struct outcome *outcome)
{
    const struct stint_result *result = outcome->result;

    switch (result->error) {
    case STINT_ERROR_CONFIG: say_config(line, outcome); break;
    case STINT_ERROR_CONTENT:
        say(line,
            "%s holds a NUL, a line over 998 octets, or 8-bit octets that the server does "
            "not take",
            name_or_it(outcome));
        break;
    case STINT_ERROR_SOURCE:
        say(line, "%s cannot be read to its end: %s", name_or_it(outcome),
            outcome->mail->message.failure != NULL ? outcome->mail->message.failure
                                                   : "unknown error");
        break;
    case STINT_ERROR_ABORTED: say(line, "stopped by signal %d", outcome->signal); break;
    case STINT_ERROR_ENTROPY: say(line, "this machine has no randomness to give"); break;
    case STINT_ERROR_IO: say_io(line, outcome); break;
    case STINT_ERROR_CLOSED: say(line, "the server closed the connection"); break;
    case STINT_ERROR_TRUNCATED: say(line, "the connection was cut off (no close_notify)"); break;
    case STINT_ERROR_TIMEOUT: say_timeout(line, outcome); break;
    case STINT_ERROR_TLS:
    case STINT_ERROR_RECORD_SIZE: say_tls_error(line, result->tls_error); break;
    case STINT_ERROR_CERTIFICATE: say_certificate(line, outcome); break;
    case STINT_ERROR_NO_STARTTLS: say(line, "the server offers no STARTTLS"); break;
    case STINT_ERROR_NO_AUTH:
        say(line, "the server offers no way to log in that may be used");
        break;
    case STINT_ERROR_NO_8BITMIME:
        say(line, "the message has 8-bit octets, and the server takes 7-bit only");
        break;
    case STINT_ERROR_NO_BINARYMIME:
        say(line, "the message is binary, and the server takes text only");
        break;
    case STINT_ERROR_NO_SMTPUTF8:
        say(line, "an address or the message's header is not ASCII, and the server takes no other");
        break;
    case STINT_ERROR_NO_EXTENSION: say_extension(line, result->field); break;
    case STINT_ERROR_TOO_LARGE:
        say(line, "the message (%lu octets) is larger than the server allows",
            (unsigned long)outcome->mail->message.source.size);
        break;
    case STINT_ERROR_TEMPORARY: say_refusal(line, outcome, "for now"); break;
    case STINT_ERROR_PERMANENT:
    case STINT_ERROR_PARTIAL:
        say_refusal(line, outcome, result->code >= 500 ? "for good" : "for now");
        break;
    case STINT_ERROR_PROTOCOL:
        say(line, "the server answered what SMTP does not allow here");
        say_reply(line, outcome);
        break;
    case STINT_ERROR_SERVER_AUTH:
        say(line, "the server does not log in by the rules, or could not prove that it knows the "
                  "password");
        say_reply(line, outcome);
        break;
    case STINT_ERROR_INJECTION:
        say(line, "there was more behind the server's reply, before TLS was up");
        break;
    default: say(line, "%s", stint_error_name(result->error)); break;
    }
}

/* Whoever is eager may have sent it before the sender and the recipients were refused. */
static bool was_not_sent(const struct outcome *outcome)
{
    return outcome->result->stage <
           (outcome->options->eager ? STINT_STAGE_MAIL : STINT_STAGE_CONTENT);
}

static void say_fate(struct line *line, const struct outcome *outcome, const struct tally *tally)
{
    if (outcome->mail == NULL) {
        return;
    }
    if (tally->unknown > 0) {
        say(line, "; the server may have the message: look whether it arrived before sending it "
                  "again, which may deliver it twice; keep its Message-ID");
    } else if (tally->accepted > 0) {
        say(line, "; %zu of %zu recipients have the message", tally->accepted, tally->all);
    } else if (outcome->result->stage <= STINT_STAGE_CONNECT && !outcome->named) {
        say(line, "; nothing was sent");
    } else if (was_not_sent(outcome)) {
        say(line, "; the message was not sent");
    } else {
        say(line, "; the message was not accepted");
    }
}

/* By what was asked for, beside what came of it. */
static const char *advice_by_options(const struct outcome *outcome)
{
    const struct stint_result *result = outcome->result;
    bool is_permanent = result->error == STINT_ERROR_PERMANENT;

    if (options_are_external(outcome->options) && result->stage == STINT_STAGE_AUTH &&
        is_permanent) {
        return "ask the server's operator whether this certificate may log in, and as whom "
               "(--user)";
    }
    if (outcome->options->token_file != NULL && result->stage == STINT_STAGE_AUTH && is_permanent) {
        return "the token may have expired: get another one"; /* they are for an hour, as a rule */
    }
    if (outcome->options->lmtp && result->stage == STINT_STAGE_EHLO && is_permanent) {
        return "is this an LMTP server? Leave out --lmtp for SMTP";
    }
    if (outcome->options->lmtp && result->stage == STINT_STAGE_CONTENT && is_permanent) {
        return "ask whoever keeps these mailboxes";
    }
    return advice(result, outcome->options->security);
}

/* Where the fate is unknown, that is all that matters; and it says what to mind. Whatever went
 * wrong behind a transaction that went well, the message is not to be sent twice to those of that
 * one. */
static void say_advice(struct line *line, const struct outcome *outcome, const struct tally *tally)
{
    const char *text = advice_by_options(outcome);

    if (tally->unknown == 0 && *text != '\0') {
        say(line, "; %s", text);
    }
    if (tally->unknown == 0 && tally->accepted > 0) {
        say(line, "; send again only to those that have not got it, not to all");
    }
}

static void explain_failure(const struct outcome *outcome, const struct tally *tally)
{
    struct line line = {"", 0};

    say_name(&line, outcome);
    say_stage(&line, outcome);
    say_error(&line, outcome);
    say_fate(&line, outcome, tally);
    say_advice(&line, outcome, tally);
    complain("%s", line.text);
}

static void explain_success(const struct outcome *outcome, const struct tally *tally)
{
    struct line line = {"", 0};

    say_name(&line, outcome);
    say(&line, "sent: accepted by %s for %zu recipient%s", outcome->options->host, tally->all,
        tally->all == 1 ? "" : "s");
    say_reply(&line, outcome);
    complain("%s", line.text);
}

/* ---- The lines before it ---- */

static void list_recipient(const struct outcome *outcome, const struct stint_recipient *recipient)
{
    const struct stint_enhanced *enhanced = &recipient->enhanced;
    struct line line = {"", 0};
    const char *what = recipient->fate == STINT_FATE_ACCEPTED  ? "accepted"
                       : recipient->fate == STINT_FATE_UNKNOWN ? "unknown"
                       : recipient->code >= 400                ? "refused"
                                                               : "not sent";

    say_name(&line, outcome);
    say(&line, "%s: <%s>", what, recipient->address);
    if (recipient->code != 0 && strcmp(what, "not sent") != 0) {
        say(&line, ": %u", (unsigned)recipient->code);
        if (enhanced->status_class != 0) {
            say(&line, " %u.%u.%u", (unsigned)enhanced->status_class, (unsigned)enhanced->subject,
                (unsigned)enhanced->detail);
        }
    }
    complain("%s", line.text);
}

/* Do the recipients differ? Or was it about them? */
static bool must_list(const struct outcome *outcome, const struct tally *tally)
{
    bool is_about_them = tally->refused > 0 && is_about_recipient(outcome);

    return tally->all > 1 && !outcome_all_accepted(tally) && (tally->differ || is_about_them);
}

void explain(const struct outcome *outcome)
{
    struct tally tally = outcome_count(outcome);

    if (must_list(outcome, &tally)) {
        for (size_t i = 0; i < tally.all; i++) {
            list_recipient(outcome, &outcome->mail->envelope.recipients[i]);
        }
    }
    if (!outcome_all_accepted(&tally) && outcome->result->error != STINT_ERROR_NONE) {
        explain_failure(outcome, &tally);
    } else if (outcome->mail != NULL && !outcome->options->quiet) {
        explain_success(outcome, &tally);
    }
}
