/* SPDX-License-Identifier: MIT */
#include "stacks.h"

#include "console.h"
#include "stack.h"

static void print(const char *name, size_t used, size_t size)
{
    console_text(name);
    console_number(" ", used);
    console_number(" of ", size);
    console_text("\n");
}

void stacks_print_task(const char *name, TaskHandle_t task, size_t size)
{
    print(name, size - uxTaskGetStackHighWaterMark(task) * sizeof(StackType_t), size);
}

void stacks_print_interrupts(void)
{
    print("interrupts", stack_peak(), stack_size());
}
