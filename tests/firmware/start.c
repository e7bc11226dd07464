/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "semihosting.h"
#include "stack.h"

#include <stdint.h>
#include <string.h>

/*
 * From reset to main: what the C language expects of memory, and a stack that can be measured. The
 * names of no type are the linker script's (sections.ld); only their addresses mean something.
 */
extern uint32_t stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

int main(void);

void reset(void);
void reset(void)
{
    stack_paint();
    memcpy(data_start, data_image, (size_t)((uint8_t *)data_end - (uint8_t *)data_start));
    memset(bss_start, 0, (size_t)((uint8_t *)bss_end - (uint8_t *)bss_start));
    semihosting_exit(main());
}

/* A device would note what it was doing, and reset itself. */
__attribute__((noreturn, used)) static void end_by_fault(void)
{
    semihosting_exit(STATUS_FAULT);
}

/* With a stack again, as it may be for want of one. */
__attribute__((naked)) static void fault(void)
{
    __asm volatile("ldr r0, =stack_top\n"
                   "mov sp, r0\n"
                   "bl  end_by_fault\n");
}

/* What the core reads at address 0: its stack, and where to go for what (Armv7-M B1.5.2). */
static const struct {
    uint32_t *stack;
    void (*handlers[15])(void);
} vectors __attribute__((section(".vectors"), used)) = {
    stack_top,
    {reset, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault,
     fault, clock_tick},
};
