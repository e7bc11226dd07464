/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include "print.h"
#include "status.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* What the handler needs. Through the pipe no signal can slip in between a look at `caught` and
 * the poll that follows. */
static volatile sig_atomic_t caught;
static int wake[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;

    caught = number;
    if (write(wake[1], "", 1) < 0) {
        /* then the pipe is full, and so readable; or not there yet, and nobody waits */
    }
    errno = saved;
}

/* What is ignored stays ignored (nohup, background jobs), also if it comes right now. */
static void catch_signal(int number)
{
    struct sigaction action;
    struct sigaction before;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND;
    if (sigaction(number, &action, &before) == 0 && before.sa_handler == SIG_IGN) {
        sigaction(number, &before, NULL);
        caught = caught == number ? 0 : caught;
    }
}

int interrupt_prepare(void)
{
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    catch_signal(SIGHUP);
    signal(SIGPIPE, SIG_IGN); /* whoever reads the output may leave: the mail still goes */
    if (pipe(wake) != 0) {
        complain("no pipe: %s; nothing was sent", strerror(errno));
        return STATUS_LOCAL;
    }
    return STATUS_DONE;
}

int interrupt_descriptor(void)
{
    return wake[0];
}

int interrupt_signal(void)
{
    return caught;
}
