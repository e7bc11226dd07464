/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_RUNNER_H
#define STINT_TEST_RUNNER_H

#include "transcript.h"

/*
 * Plays a transcript with the session alone, in every way: cut into pieces of every size in either
 * direction, the message in pieces of every size with pauses before each. Ends the test if anything
 * is not as the transcript says, with `name` in what it says. (tests/permute plays it with the
 * whole client.)
 */
void runner_play(struct transcript *transcript, const char *name);

/* How often that was, so far. */
extern unsigned long runner_session_runs;

#endif
