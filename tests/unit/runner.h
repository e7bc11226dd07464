/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_RUNNER_H
#define STINT_TEST_RUNNER_H

#include "transcript.h"

/*
 * Plays a transcript in every way: with the session alone, cut into pieces of every size in either
 * direction, the message in pieces of every size with pauses before each; and, if no TLS comes up
 * in it, with the whole client over a transport that can do next to nothing at a time. Ends the
 * test if anything is not as the transcript says, with `name` in what it says.
 */
void runner_play(struct transcript *transcript, const char *name);

/* How often that was, so far. */
extern unsigned long runner_session_runs;
extern unsigned long runner_client_runs;

#endif
