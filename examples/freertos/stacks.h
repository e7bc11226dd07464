/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_STACKS_H
#define EXAMPLE_STACKS_H

#include <stddef.h>

#include "FreeRTOS.h"
#include "task.h"

/* Print of each of the variant's tasks, and of the interrupts, how deep its stack has been at most,
 * and how deep it may be, in octets. The variant has this one. */
void stacks_print(void);

/* Of one task. */
void stacks_print_task(const char *name, TaskHandle_t task, size_t size);

/* Of the interrupts, and of main before them. */
void stacks_print_interrupts(void);

#endif
