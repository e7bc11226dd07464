/* SPDX-License-Identifier: MIT */
#include "sleep.h"

#include "mps2.h"
#include "semihosting.h"

#include "stint/resume.h"

#include <stdint.h>

/* In every Cortex-M (Armv7-M B3.2.6). */
#define SCB_AIRCR         REGISTER(0xE000ED0C)
#define AIRCR_KEY         0x05FA0000U
#define AIRCR_SYSRESETREQ 4U

#define LOST 0xDEADBEEFU /* no word of the RAM is this by chance */

extern uint32_t stack_bottom[], noinit_start[]; /* sections.ld */

/* The part that is kept. Nobody makes it empty at first; Stint sees what is not its own. */
static struct stint_ticket ticket __attribute__((section(".noinit")));

static struct stint_resume resume;

void sleep_resume(struct stint_tls *tls)
{
    resume.by = &stint_resume_by_tickets;
    resume.ticket = &ticket;
    resume.now = semihosting_time();
    tls->resume = &resume;
}

/* On the emulated board the RAM outlives a reset, so what a sleep does to it is done here: in
 * registers only, as the stack is lost, too. */
void sleep_deeply(void)
{
    for (volatile uint32_t *word = stack_bottom; word < noinit_start; word++) {
        *word = LOST;
    }
    SCB_AIRCR = AIRCR_KEY | AIRCR_SYSRESETREQ;
    for (;;) {
    }
}
