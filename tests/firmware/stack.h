/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_STACK_H
#define FIRMWARE_STACK_H

#include <stddef.h>

/* Fill what is free of the stack with a pattern: at reset, before anything else. */
void stack_paint(void);

/* How deep the stack has been since, in octets, and how deep it may be. */
size_t stack_peak(void);
size_t stack_size(void);

#endif
