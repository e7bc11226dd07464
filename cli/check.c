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
    char peer[128];

    if (check->headed) {
        return;
    }
    check->headed = true;
    printf(LABEL "%s, port %u", "server", check->account->host, (unsigned)check->account->port);
    if (*stint_posix_peer(check->port, peer, sizeof peer) != '\0') {
        printf(" (%s)", peer);
    }
    putchar('\n');
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

static void print_validity(const struct certificate *certificate)
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
    printf(LABEL "%s to %s UTC", "  valid", from, to);
    if (strcmp(certificate->not_after, today) < 0) {
        fputs(": EXPIRED", stdout);
    }
    if (strcmp(certificate->not_before, today) > 0) {
        fputs(": NOT YET VALID by this machine's clock", stdout);
    }
    putchar('\n');
}

static void print_certificate(const struct check *check, const struct certificate *certificate)
{
    char pin[PIN_TEXT_OCTETS];

    printf("certificate %u\n" LABEL, check->certificates, "  subject");
    certificate_print_name(stdout, certificate->subject);
    printf("\n" LABEL, "  issuer");
    certificate_print_name(stdout, certificate->issuer);
    if (check->certificates == 1) {
        printf("\n%-12s", "  names");
        certificate_print_alternatives(stdout, certificate->names);
    }
    printf("\n" LABEL, "  key");
    certificate_print_key(stdout, certificate);
    putchar('\n');
    if (check->certificates == 1) {
        pin_write(certificate->key_info.octets, certificate->key_info.length, pin);
        printf(LABEL "%s\n", "  pin", pin);
    }
    print_validity(certificate);
}

void check_certificate(void *context, const struct certificate *certificate, size_t length)
{
    struct check *check = context;

    check->certificates++;
    print_head(check);
    if (certificate != NULL) {
        print_certificate(check, certificate);
        remember_root(check, certificate->issuer, certificate->subject);
    } else {
        printf("certificate %u\n" LABEL "malformed or too large (%zu octets)\n",
               check->certificates, "  unreadable", length);
    }
    fflush(stdout);
}

static void print_root(const struct check *check)
{
    if (check->certificates == 0 || check->root_length == 0) {
        return;
    }
    printf(LABEL, "root needed");
    certificate_print_name(stdout, (struct slice){check->root, check->root_length});
    if (check->anchors_path == NULL) {
        puts(", but for the pin");
        return;
    }
    printf("\n" LABEL "%s %s\n", "", check->rooted ? "it is in" : "it is not in",
           check->anchors_path);
    if (!check->rooted && check->certificates == 1 && !check->self_issued) {
        printf(LABEL "the server sends no intermediate certificate: perhaps it should\n", "");
    }
}

/* ---- The session ---- */

void check_look(struct check *check)
{
    check->secured = check->secured || stint_is_secure(check->client);
}

static void print_tls(const struct check *check)
{
    printf(LABEL, "tls");
    if (check->secured) {
        tls_facts_print(stdout, check->client->tls);
        puts(check->account->security == STINT_SECURITY_STARTTLS ? ", by STARTTLS"
                                                                 : ", from the start");
    } else {
        puts(check->account->security == STINT_SECURITY_NONE ? "none: all in clear"
                                                             : "not established");
    }
}

static void print_if(bool offered, const char *keyword)
{
    if (offered) {
        printf(" %s", keyword);
    }
}

static void print_limit(const char *name, uint32_t limit)
{
    if (limit > 0) {
        printf("%s%lu", name, (unsigned long)limit);
    }
}

static void print_offer(const struct stint_offer *offer)
{
    /* AUTH has a line of its own, and two others say how much. */
    const unsigned plain =
        ~(unsigned)(STINT_EXTENSION_AUTH | STINT_EXTENSION_SIZE | STINT_EXTENSION_LIMITS);

    printf("%-12s", "offers");
    extensions_print(stdout, offer->extensions & plain);
    extensions_print(stdout, offer->extensions & STINT_EXTENSION_SIZE);
    print_limit(" ", offer->size_limit);
    extensions_print(stdout, offer->extensions & STINT_EXTENSION_LIMITS);
    print_limit(" RCPTMAX=", offer->rcpt_max);
    print_limit(" MAILMAX=", offer->mail_max);
    putchar('\n');
}

static void print_auth(const struct check *check, const struct stint_offer *offer)
{
    bool has_auth = (offer->extensions & STINT_EXTENSION_AUTH) != 0;

    printf("%-12s", "auth");
    print_if(offer->auth_plain, "PLAIN");
    print_if(offer->auth_login, "LOGIN");
    print_if(!has_auth, "not offered");
    print_if(has_auth && !offer->auth_plain && !offer->auth_login,
             "only mechanisms that stint does not know");
    if (check->account->user != NULL && check->client->result.error == STINT_ERROR_NONE) {
        printf("; logged in as %s with %s", check->account->user,
               offer->mechanism != NULL ? offer->mechanism : "?");
    }
    putchar('\n');
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
        print_offer(&offer);
        print_auth(check, &offer);
    }
    return fflush(stdout) != 0 || ferror(stdout) ? STATUS_NO_OUTPUT : STATUS_DONE;
}
