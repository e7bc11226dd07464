/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_SWEEP_H
#define STINT_PERMUTE_SWEEP_H

#include "world.h"

/* Every case of one transcript. */
struct tally {
    unsigned long cases;
    unsigned long failures;
};

/* Only every so many cases are played; 1: all of them. */
extern unsigned long sweep_every;

/* "provider-gmail:tls" */
void sweep_print_name(const struct play *play, char *text, size_t room);

/* Prints what fails. */
void sweep(const struct play *play, struct tally *tally);

#endif
