/* SPDX-License-Identifier: MIT */
#include "anchors.h"

#include "print.h"
#include "source.h"
#include "status.h"
#include "tls_facts.h"
#include "tls_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LABEL "%-13s"

static int no_memory(void)
{
    complain("out of memory; nothing was written");
    return STATUS_LOCAL;
}

static int print(const char *text, size_t length)
{
    if (fwrite(text, 1, length, stdout) == length && fflush(stdout) == 0) {
        return STATUS_DONE;
    }
    complain("standard output: %s", strerror(errno));
    return STATUS_NO_OUTPUT;
}

/* All of it is put together before any of it is printed. */
static int write_source(const struct options *options, const struct roots *roots,
                        const char *report)
{
    const struct source source = {.name = options->name,
                                  .roots = roots,
                                  .pins = (const uint8_t(*)[STINT_TLS_PIN_OCTETS])options->pins,
                                  .pin_count = options->pin_count,
                                  .report = report};
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    int status;

    if (stream != NULL) {
        source_write(stream, &source);
    }
    if (stream == NULL || fclose(stream) != 0) {
        free(text);
        return no_memory();
    }
    status = print(text, length);
    free(text);
    if (status == STATUS_DONE && !options->quiet) {
        fputs(report, stderr);
        source_write_table(stderr, &source);
    }
    return status;
}

int anchors_from_files(const struct options *options)
{
    struct roots roots = {0};
    int status = STATUS_DONE;

    for (size_t i = 0; i < options->file_count && status == STATUS_DONE; i++) {
        status = roots_read(&roots, options->files[i]);
    }
    if (status == STATUS_DONE) {
        status = write_source(options, &roots, "");
    }
    roots_free(&roots);
    return status;
}

/* ---- From a server ---- */

int anchors_begin(struct anchors *anchors)
{
    anchors->report = open_memstream(&anchors->report_text, &anchors->report_length);
    if (anchors->report == NULL) {
        return no_memory();
    }
    anchors->reports = true;
    anchors->check->stream = anchors->report;
    return anchors->path != NULL ? roots_read_trusted(&anchors->trusted, anchors->path)
                                 : STATUS_DONE;
}

void anchors_expect(struct anchors *anchors)
{
    received_free(&anchors->received);
}

void anchors_certificate(void *context, const struct certificate *certificate, size_t length)
{
    struct anchors *anchors = context;

    if (anchors->reports) {
        check_certificate(anchors->check, certificate, length);
    }
    anchors->lost =
        anchors->lost || certificate == NULL || !received_add(&anchors->received, certificate);
}

/* Another connection may have shown another chain, as by a server with both kinds of key. */
static bool add_needed(struct anchors *anchors, stint_tls_profile profile)
{
    const struct root *root = vouching_root(&anchors->trusted, &anchors->received, profile);

    return root != NULL && roots_add(&anchors->needed, root);
}

int anchors_accepted(struct anchors *anchors, stint_tls_profile profile)
{
    anchors->reports = false;
    if (anchors->path == NULL || add_needed(anchors, profile)) {
        return STATUS_DONE;
    }
    if (anchors->lost) {
        complain("%s sends more certificates, or larger ones, than can be looked at here (%d, each "
                 "%d octets); nothing was written: give the root that --check names as a PEM file",
                 anchors->options->host, CHAIN_REMEMBERED, CHAIN_CERTIFICATE_MAX);
    } else {
        complain("no root in %s is enough alone for what %s sent; nothing was written",
                 anchors->path, anchors->options->host);
    }
    return STATUS_CONFIGURATION;
}

static void report_failure(FILE *stream, const struct stint_result *result)
{
    const char *alert = tls_alert_name(result->tls_error);

    if (result->error == STINT_ERROR_TLS || result->error == STINT_ERROR_CERTIFICATE) {
        fprintf(stream, "%s%s%s\n", tls_error_text(result->tls_error), alert != NULL ? ": " : "",
                alert != NULL ? alert : "");
    } else {
        fprintf(stream, "%s\n", stint_error_name(result->error));
    }
}

static void report_buffer(FILE *stream, const struct stint_client *client)
{
    uint16_t limit = stint_tls_fragment_limit(client->tls);

    fprintf(stream, LABEL, "buffer");
    if (client->result.error == STINT_ERROR_RECORD_SIZE) {
        fprintf(stream,
                "STINT_IN_ANY_SERVER (%d octets): a record came that is too large for "
                "STINT_IN_SMALL (%d)\n",
                STINT_IN_ANY_SERVER, STINT_IN_SMALL);
    } else if (limit + STINT_IN_OVERHEAD <= STINT_IN_SMALL) {
        fprintf(stream, "%d octets: the server keeps to records of %u, as it was asked to\n",
                limit + STINT_IN_OVERHEAD, (unsigned)limit);
    } else {
        fprintf(stream,
                "STINT_IN_ANY_SERVER (%d octets) to be sure: the server does not limit its "
                "records,\n" LABEL "although all that came now fitted into STINT_IN_SMALL "
                "(%d)\n",
                STINT_IN_ANY_SERVER, "", STINT_IN_SMALL);
    }
}

bool anchors_tried(struct anchors *anchors, const struct stint_client *client, bool is_small)
{
    FILE *stream = anchors->report;
    const struct stint_result *result = &client->result;
    const char *profile = is_small ? "small" : "fast";

    fprintf(stream, LABEL, "profile");
    if (result->error == STINT_ERROR_NONE || result->error == STINT_ERROR_RECORD_SIZE) {
        if (anchors->path != NULL) {
            (void)add_needed(anchors, client->tls->profile);
        }
        fprintf(stream, "%s does: ", profile);
        tls_facts_print(stream, client->tls);
        fputc('\n', stream);
        report_buffer(stream, client);
        return false;
    }
    if (result->error == STINT_ERROR_TLS || result->error == STINT_ERROR_CERTIFICATE) {
        fprintf(stream, "%s does not do: ", profile);
        report_failure(stream, result);
        return true;
    }
    fprintf(stream, "%s is not known to do, as another connection failed: ", profile);
    report_failure(stream, result);
    return false;
}

int anchors_write(struct anchors *anchors)
{
    return fflush(anchors->report) == 0
               ? write_source(anchors->options, &anchors->needed, anchors->report_text)
               : no_memory();
}

void anchors_free(struct anchors *anchors)
{
    if (anchors->report != NULL) {
        fclose(anchors->report);
    }
    free(anchors->report_text);
    received_free(&anchors->received);
    roots_free(&anchors->trusted);
    roots_free(&anchors->needed);
}
