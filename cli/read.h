/* SPDX-License-Identifier: MIT */
#ifndef CLI_READ_H
#define CLI_READ_H

#include <stddef.h>
#include <sys/types.h>

/* read(2), begun anew when a signal interrupts it. */
ssize_t read_some(int descriptor, void *buffer, size_t room);

#endif
