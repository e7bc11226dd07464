/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "extensions.h"
#include "pin.h"
#include "print.h"
#include "status.h"
#include "tls_facts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LABEL "%-13s"

static void print_head(struct check *check)
{
    FILE *stream = check->stream;
    char peer[128];

    if (check->headed) {
        return;
    }
    check->headed = true;
    fprintf(stream, LABEL "%s, port %u", "server", check->account->host,
            (unsigned)check->account->port);
    if (*stint_posix_peer(check->port, peer, sizeof peer) != '\0') {
        fprintf(stream, " (%s)", peer);
    }
    fputc('\n', stream);
}

/* ---- The chain ---- */

static bool is_same(struct slice one, struct slice other)
{
    return one.length == other.length && memcmp(one.octets, other.octets, one.length) == 0;
}

static bool is_anchor(const struct check *check, struct slice name)
{
    for (size_t i = 0; i < check->anchors->count; i++) {
        const br_x500_name *dn = &check->anchors->anchors[i].dn;

        if (is_same(name, (struct slice){dn->data, dn->len})) {
            return true;
        }
    }
    return false;
}

static void remember_root(struct check *check, struct slice issuer, struct slice subject)
{
    if (check->rooted) {
        return;
    }
    check->rooted = is_anchor(check, issuer);
    check->self_issued = is_same(issuer, subject);
    check->root_length = issuer.length <= CHECK_NAME_MAX ? issuer.length : 0;
    memcpy(check->root, issuer.octets, check->root_length);
}

static void print_validity(FILE *stream, const struct certificate *certificate)
{
    time_t now = (time_t)stint_posix_unix_time();
    char today[16] = "";
    char from[CERTIFICATE_TIME_OCTETS], to[CERTIFICATE_TIME_OCTETS];
    struct tm utc;

    if (gmtime_r(&now, &utc) != NULL) {
        strftime(today, sizeof today, "%Y%m%d%H%M%S", &utc);
    }
    certificate_write_time(from, certificate->not_before);
    certificate_write_time(to, certificate->not_after);
    fprintf(stream, LABEL "%s to %s UTC", "  valid", from, to);
    if (strcmp(certificate->not_after, today) < 0) {
        fputs(": EXPIRED", stream);
    }
    if (strcmp(certificate->not_before, today) > 0) {
        fputs(": NOT YET VALID by this machine's clock", stream);
    }
    fputc('\n', stream);
}

static void print_certificate(const struct check *check, const struct certificate *certificate)
{
    FILE *stream = check->stream;
    uint8_t pin[STINT_TLS_PIN_OCTETS];
    char text[PIN_TEXT_OCTETS];

    fprintf(stream, "certificate %u\n" LABEL, check->certificates, "  subject");
    certificate_print_name(stream, certificate->subject);
    fprintf(stream, "\n" LABEL, "  issuer");
    certificate_print_name(stream, certificate->issuer);
    if (check->certificates == 1) {
        fprintf(stream, "\n%-12s", "  names");
        certificate_print_alternatives(stream, certificate->names);
    }
    fprintf(stream, "\n" LABEL, "  key");
    certificate_print_key(stream, certificate);
    fprintf(stream, "\n" LABEL, "  signature");
    certificate_print_signature(stream, certificate);
    fputc('\n', stream);
    if (check->certificates == 1) {
        pin_of(certificate->key_info.octets, certificate->key_info.length, pin);
        pin_write(pin, text);
        fprintf(stream, LABEL "%s\n", "  pin", text);
    }
    print_validity(stream, certificate);
}

void check_certificate(void *context, const struct certificate *certificate, size_t length)
{
    struct check *check = context;
    FILE *stream = check->stream;

    check->certificates++;
    print_head(check);
    if (certificate != NULL) {
        print_certificate(check, certificate);
        remember_root(check, certificate->issuer, certificate->subject);
    } else {
        fprintf(stream, "certificate %u\n" LABEL "malformed or too large (%zu octets)\n",
                check->certificates, "  unreadable", length);
    }
    fflush(stream);
}

static void print_root(const struct check *check)
{
    FILE *stream = check->stream;

    if (check->certificates == 0 || check->root_length == 0) {
        return;
    }
    fprintf(stream, LABEL, "root needed");
    certificate_print_name(stream, (struct slice){check->root, check->root_length});
    if (check->anchors_path == NULL) {
        fputs(", but for the pin\n", stream);
        return;
    }
    fprintf(stream, "\n" LABEL "%s %s\n", "", check->rooted ? "it is in" : "it is not in",
            check->anchors_path);
    if (!check->rooted && check->certificates == 1 && !check->self_issued) {
        fprintf(stream, LABEL "the server sends no intermediate certificate: perhaps it should\n",
                "");
    }
}

/* ---- The session ---- */

void check_look(struct check *check)
{
    check->secured = check->secured || stint_is_secure(check->client);
}

static void print_tls(const struct check *check)
{
    FILE *stream = check->stream;

    fprintf(stream, LABEL, "tls");
    if (check->secured) {
        tls_facts_print(stream, check->client->tls);
        fputs(check->account->security == STINT_SECURITY_STARTTLS ? ", by STARTTLS\n"
                                                                  : ", from the start\n",
              stream);
    } else {
        fputs(check->account->security == STINT_SECURITY_NONE ? "none: all in clear\n"
                                                              : "not established\n",
              stream);
    }
}

static void print_if(FILE *stream, bool offered, const char *keyword)
{
    if (offered) {
        fprintf(stream, " %s", keyword);
    }
}

static void print_limit(FILE *stream, const char *name, uint32_t limit)
{
    if (limit > 0) {
        fprintf(stream, "%s%lu", name, (unsigned long)limit);
    }
}

static void print_offer(FILE *stream, const struct stint_offer *offer)
{
    /* AUTH has a line of its own, and some others say how much. */
    const unsigned plain =
        ~(unsigned)(STINT_EXTENSION_AUTH | STINT_EXTENSION_SIZE | STINT_EXTENSION_LIMITS |
                    STINT_EXTENSION_DELIVERBY | STINT_EXTENSION_FUTURERELEASE);

    fprintf(stream, "%-12s", "offers");
    extensions_print(stream, offer->extensions & plain);
    extensions_print(stream, offer->extensions & STINT_EXTENSION_DELIVERBY);
    print_limit(stream, " ", offer->by_min_s);
    extensions_print(stream, offer->extensions & STINT_EXTENSION_FUTURERELEASE);
    print_limit(stream, " ", offer->hold_max_s);
    extensions_print(stream, offer->extensions & STINT_EXTENSION_SIZE);
    print_limit(stream, " ", offer->size_limit);
    extensions_print(stream, offer->extensions & STINT_EXTENSION_LIMITS);
    print_limit(stream, " RCPTMAX=", offer->rcpt_max);
    print_limit(stream, " MAILMAX=", offer->mail_max);
    fputc('\n', stream);
}

static void print_auth(const struct check *check, const struct stint_offer *offer)
{
    FILE *stream = check->stream;
    bool has_auth = (offer->extensions & STINT_EXTENSION_AUTH) != 0;

    fprintf(stream, "%-12s", "auth");
    mechanisms_print(stream, offer->mechanisms);
    print_if(stream, !has_auth, "not offered");
    print_if(stream, has_auth && offer->mechanisms == 0,
             "only mechanisms that stint does not know");
    if (check->account->user != NULL && check->client->result.error == STINT_ERROR_NONE) {
        fprintf(stream, "; logged in as %s with %s", check->account->user,
                offer->mechanism != NULL ? offer->mechanism : "?");
    }
    fputc('\n', stream);
}

int check_report(struct check *check)
{
    struct stint_offer offer;

    stint_get_offer(check->client, &offer);
    if (check->client->result.stage > STINT_STAGE_CONNECT) {
        print_head(check);
        print_root(check);
        print_tls(check);
    }
    if (check->client->result.stage > STINT_STAGE_EHLO) {
        print_offer(check->stream, &offer);
        print_auth(check, &offer);
    }
    return fflush(check->stream) != 0 || ferror(check->stream) ? STATUS_NO_OUTPUT : STATUS_DONE;
}
