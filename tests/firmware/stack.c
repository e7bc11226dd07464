/* SPDX-License-Identifier: MIT */
#include "stack.h"

#include <stdint.h>

#define PAINT 0xC5C5C5C5U

extern uint32_t stack_bottom[], stack_top[]; /* sections.ld */

void stack_paint(void)
{
    uint32_t here;

    for (volatile uint32_t *word = stack_bottom; word < &here; word++) {
        *word = PAINT;
    }
}

size_t stack_peak(void)
{
    const uint32_t *word = stack_bottom;

    while (word < stack_top && *word == PAINT) {
        word++;
    }
    return (size_t)((const uint8_t *)stack_top - (const uint8_t *)word);
}

size_t stack_size(void)
{
    return (size_t)((const uint8_t *)stack_top - (const uint8_t *)stack_bottom);
}
