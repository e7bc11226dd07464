/* SPDX-License-Identifier: MIT */
#ifndef CLI_READ_H
#define CLI_READ_H

#include <stddef.h>
#include <sys/types.h>

/* read(2), begun anew when a signal interrupts it. */
ssize_t read_some(int descriptor, void *buffer, size_t room);

/* All that comes, as far as there is room, or until `end` has come; without stdio, whose buffer
 * would keep a copy. Returns how much, or -1. */
ssize_t read_up_to(char end, int descriptor, char *buffer, size_t room);

/* For a file that holds a secret. */
void warn_if_open_to_all(int descriptor, const char *path);

#endif
