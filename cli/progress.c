/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 1000
#define REDRAW_MS   200
#define BAR_COLUMNS 40
#define OCTETS_1M   1000000.0

bool progress_is_possible(void)
{
    return isatty(STDERR_FILENO) == 1;
}

static void draw(const struct message *message)
{
    char bar[BAR_COLUMNS + 1] = "";
    double all = (double)message->octets;
    double gone = (double)message->handed;

    if (message->octets == 0) {
        fprintf(stderr, "\r%.1f MB", gone / OCTETS_1M);
    } else {
        memset(bar, '.', BAR_COLUMNS);
        memset(bar, '#', (size_t)(BAR_COLUMNS * gone / all));
        fprintf(stderr, "\r[%s] %3.0f%% of %.1f MB", bar, 100 * gone / all, all / OCTETS_1M);
    }
    fflush(stderr);
}

void progress_clear(struct progress *progress)
{
    if (progress->is_shown) {
        fprintf(stderr, "\r%*s\r", BAR_COLUMNS + 24, "");
        fflush(stderr);
        progress->is_shown = false;
    }
}

void progress_look(struct progress *progress, const struct message *message, uint32_t now_ms)
{
    if (message == NULL || message->handed == 0 || message->ended) {
        progress_clear(progress);
        progress->message = NULL;
    } else if (message != progress->message) {
        progress->message = message;
        progress->begun_ms = now_ms;
        progress->shown_ms = now_ms;
    } else if (now_ms - progress->begun_ms >= PATIENCE_MS &&
               now_ms - progress->shown_ms >= REDRAW_MS) {
        progress->is_shown = true;
        progress->shown_ms = now_ms;
        draw(message);
    }
}
