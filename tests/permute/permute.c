/* SPDX-License-Identifier: MIT */

/*
 * Every transcript of tests/sessions with every single thing that can go wrong.
 *
 *     permute [--every N] [--sessions FOLDER]      all cases, or every N-th
 *     permute [--sessions FOLDER] ID               one case, told at length
 *
 * An ID is what is printed of a case that fails: TRANSCRIPT:clear or TRANSCRIPT:tls, what goes
 * wrong and where, and how the transport behaves:
 *
 *     rfc5321-d4-sending:tls:write-fails@600:split=7:again
 *
 * "tls" of a transcript without TLS is the same conversation inside implicit TLS. Where faults are
 * tried, see sweep.c; what they are, kinds.c; what must come of them, rule.c.
 */

#include "matrix.h"
#include "sweep.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *folder = "tests/sessions";
static struct play play;

static void load(const char *name, bool wrapped)
{
    char path[400];

    snprintf(path, sizeof path, "%s/%s.txt", folder, name);
    play_load(&play, path, name, wrapped);
}

/* ---- One case ---- */

static void show_octets(const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        unsigned char octet = (unsigned char)octets[i];

        if (octet == '\n') {
            printf("\\n%s", i + 1 < length ? "\n     " : "");
        } else if (octet >= ' ' && octet <= '~') {
            putchar(octet);
        } else if (octet == '\r') {
            printf("\\r");
        } else {
            printf("\\x%02X", octet);
        }
    }
}

static void show(const char *what, const char *octets, size_t length)
{
    if (length == 0) {
        printf("  %s\n", what);
        return;
    }
    printf("  %s: ", what);
    show_octets(octets, length);
    printf("\n");
}

static void show_result(const char *what, unsigned error, unsigned stage, unsigned fate,
                        unsigned code, const char *text, const struct stint_mail *mail,
                        const struct stint_recipient *recipients)
{
    size_t i;

    printf("%s: error %s at %s, %s; reply %u \"%s\"\n", what, stint_error_name(error),
           stint_stage_name(stage), stint_fate_name(fate), code, text);
    for (i = 0; mail != NULL && i < mail->recipient_count; i++) {
        printf("    %s: %s %u\n", mail->recipients[i].address, stint_fate_name(recipients[i].fate),
               recipients[i].code);
    }
}

/* What came of a mail, and what had to. */
static void show_verdict(const struct verdict *wanted)
{
    const struct stint_result *got = &world.client.result;

    show_result("expected", wanted->error, wanted->stage, wanted->fate, wanted->code, wanted->text,
                wanted->mail, wanted->recipients);
    if (wanted->also != STINT_ERROR_NONE) {
        printf("    or error %s\n", stint_error_name(wanted->also));
    }
    show_result("actual", got->error, got->stage, got->fate, got->code, world.text, got->mail,
                got->mail != NULL ? got->mail->recipients : NULL);
}

static int replay(const char *id)
{
    char name[100];
    size_t length = strcspn(id, ":");
    size_t layer = strcspn(id + length + (id[length] == ':'), ":");
    const char *what = id + length + 1;
    struct fault_case one;
    bool is_good;

    snprintf(name, sizeof name, "%.*s", (int)length, id);
    if (id[length] == '\0' || what[layer] == '\0' || !kind_parse(&one, what + layer + 1)) {
        fprintf(stderr, "no such case: %s\n", id);
        return 2;
    }
    load(name, false);
    if (strncmp(what, "tls", layer) == 0 && !play.script.has_tls) {
        load(name, true);
    }
    world_start(&play, &one);
    world.port.trace = show;
    world_judged = show_verdict;
    printf("%s\n", id);
    world_run();
    is_good = world_is_right();
    printf("%zu octets down, %zu up, %zu calls, %zu steps\n%s%s\n", world.port.down, world.port.up,
           world.port.calls, world.steps, is_good ? "as it must be" : "WRONG: ", world.wrong);
    return is_good ? 0 : 1;
}

/* ---- All of them ---- */

static int is_transcript(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

static void permute(const char *name, bool wrapped, struct tally *total)
{
    struct tally tally = {0, 0};
    char shown[120];

    load(name, wrapped);
    sweep(&play, &tally);
    sweep_print_name(&play, shown, sizeof shown);
    printf("%-50s %7lu cases, %lu failures\n", shown, tally.cases, tally.failures);
    fflush(stdout);
    total->cases += tally.cases;
    total->failures += tally.failures;
}

static int permute_all(void)
{
    struct tally total = {0, 0};
    struct dirent **entries;
    int count = scandir(folder, &entries, is_transcript, alphasort);
    bool is_full;
    bool can_be_wrapped;
    int i;

    for (i = 0; i < count; i++) {
        char *name = entries[i]->d_name;

        name[strlen(name) - 4] = '\0';
        permute(name, false, &total);
        can_be_wrapped = play.script.can_be_wrapped;
        if (can_be_wrapped) {
            permute(name, true, &total);
        }
        free(entries[i]);
    }
    if (count > 0) {
        free(entries);
    }
    matrix_print();
    is_full = matrix_is_full();
    printf("%lu cases of %d transcripts, every %lu., %lu failures\n", total.cases, count,
           sweep_every, total.failures);
    return total.cases > 0 && total.failures == 0 && is_full ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *id = NULL;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--every") == 0 && i + 1 < argc) {
            sweep_every = strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--sessions") == 0 && i + 1 < argc) {
            folder = argv[++i];
        } else {
            id = argv[i];
        }
    }
    if (sweep_every == 0) {
        fprintf(stderr, "usage: permute [--every N] [--sessions FOLDER] [ID]\n");
        return 2;
    }
    return id != NULL ? replay(id) : permute_all();
}
