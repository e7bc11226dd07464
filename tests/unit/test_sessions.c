/* SPDX-License-Identifier: MIT */

/* Plays every transcript of tests/sessions. Run it from the top, or with their folder as argument.
 */

#include "test.h"

#include "runner.h"

#include <dirent.h>
#include <stdlib.h>

#define TRANSCRIPTS_MAX 400

static void play_transcript(void **state)
{
    static struct transcript transcript;

    transcript_load(&transcript, *state);
    runner_play(&transcript, *state);
}

static int is_transcript(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

/* Paths of all transcripts, in alphabetical order. */
static size_t find_transcripts(const char *folder, char (*paths)[300])
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_transcript, alphasort);
    int i;

    if (count <= 0 || count > TRANSCRIPTS_MAX) {
        fprintf(stderr, "no transcripts, or too many, in %s\n", folder);
        exit(1);
    }
    for (i = 0; i < count; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return (size_t)count;
}

static int tell(void **state)
{
    (void)state;
    print_message("%lu runs of the session\n", runner_session_runs);
    return 0;
}

int main(int argc, char **argv)
{
    static char paths[TRANSCRIPTS_MAX][300];
    size_t count = find_transcripts(argc > 1 ? argv[1] : "tests/sessions", paths);
    struct CMUnitTest tests[count];
    size_t i;

    memset(tests, 0, sizeof tests);
    for (i = 0; i < count; i++) {
        tests[i].name = paths[i];
        tests[i].test_func = play_transcript;
        tests[i].initial_state = paths[i];
    }
    return cmocka_run_group_tests(tests, NULL, tell);
}
