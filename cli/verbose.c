/* SPDX-License-Identifier: MIT */
#include "verbose.h"

#include "extensions.h"
#include "print.h"
#include "tls_facts.h"

#include <stdio.h>
#include <string.h>

/* ---- The dialogue ---- */

static void end_line(struct verbose *verbose)
{
    if (verbose->in_line) {
        fputc('\n', stderr);
    }
    verbose->in_line = false;
    verbose->after_secret = false;
}

static void begin_line(struct verbose *verbose, unsigned kind)
{
    if (verbose->in_line && verbose->kind == kind) {
        return;
    }
    end_line(verbose);
    fputs(kind == STINT_TRACE_COMMAND ? "C: " : "S: ", stderr);
    verbose->kind = kind;
    verbose->in_line = true;
}

/* Line ends are not shown; everything else is, escaped. */
static void print_lines(struct verbose *verbose, unsigned kind, const uint8_t *octets,
                        size_t length)
{
    while (length > 0) {
        const uint8_t *lf = memchr(octets, '\n', length);
        size_t line = lf != NULL ? (size_t)(lf - octets) : length;
        bool ended = lf != NULL;
        size_t shown = line > 0 && octets[line - 1] == '\r' ? line - 1 : line;

        begin_line(verbose, kind);
        print_octets(stderr, octets, shown);
        verbose->after_secret = verbose->after_secret && shown == 0;
        if (ended) {
            end_line(verbose);
        }
        octets += line + ended;
        length -= line + ended;
    }
}

/* The library may tell of one secret in several pieces. */
static void print_secret(struct verbose *verbose, unsigned kind)
{
    begin_line(verbose, kind);
    if (!verbose->after_secret) {
        fputs("****", stderr);
    }
    verbose->after_secret = true;
}

static void print_content(struct verbose *verbose)
{
    if (verbose->content == 0) {
        return;
    }
    end_line(verbose);
    fprintf(stderr, "C: (message, %lu octets)\n", (unsigned long)verbose->content);
    verbose->content = 0;
}

void verbose_trace(void *context, unsigned kind, const uint8_t *octets, size_t length)
{
    struct verbose *verbose = context;

    if (kind == STINT_TRACE_CONTENT) {
        verbose->content += (uint32_t)length;
        return;
    }
    verbose_look(verbose); /* TLS may have come up in this very step */
    print_content(verbose);
    if (kind == STINT_TRACE_SECRET) {
        print_secret(verbose, STINT_TRACE_COMMAND);
    } else if (kind == STINT_TRACE_CHALLENGE) {
        print_secret(verbose, STINT_TRACE_REPLY);
    } else {
        print_lines(verbose, kind, octets, length);
    }
}

/* ---- The connection ---- */

static void tell_attempt(struct verbose *verbose)
{
    char peer[128];

    if (memcmp(&verbose->peer, &verbose->port->peer, sizeof verbose->peer) == 0) {
        return;
    }
    verbose->peer = verbose->port->peer;
    end_line(verbose);
    fprintf(stderr, "* connecting to %s\n", stint_posix_peer(verbose->port, peer, sizeof peer));
}

static void tell_connection(struct verbose *verbose)
{
    const char *local = stint_posix_io.local_address(verbose->port);

    if (verbose->connected || local == NULL) {
        return;
    }
    verbose->connected = true;
    end_line(verbose);
    fprintf(stderr, "* connected, from [%s]\n", local);
}

static void tell_security(struct verbose *verbose)
{
    if (verbose->secured || !stint_is_secure(verbose->client)) {
        return;
    }
    verbose->secured = true;
    end_line(verbose);
    fputs("* ", stderr);
    tls_facts_print(stderr, verbose->client->tls);
    fputs(", certificate verified for ", stderr);
    print_octets(stderr, (const uint8_t *)verbose->host, strlen(verbose->host));
    fputc('\n', stderr);
}

void verbose_look(struct verbose *verbose)
{
    tell_attempt(verbose);
    tell_connection(verbose);
    tell_security(verbose);
}

void verbose_pause(struct verbose *verbose)
{
    print_content(verbose);
    end_line(verbose);
}

void verbose_end(struct verbose *verbose)
{
    const struct stint_result *result = &verbose->client->result;

    verbose_pause(verbose);
    if (!verbose->connected) {
        return;
    }
    fputs("* used:", stderr);
    if (result->extensions == 0) {
        fputs(" no extension", stderr);
    }
    extensions_print(stderr, result->extensions);
    fprintf(stderr, "; round trips: %u; octets: %lu sent, %lu received\n",
            (unsigned)result->round_trips, (unsigned long)result->octets_sent,
            (unsigned long)result->octets_received);
}
