/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include "mps2.h"

#include "lwip/sys.h"

/* SysTick is in every Cortex-M (Armv7-M B3.3). */
#define SYST_CSR REGISTER(0xE000E010)
#define SYST_RVR REGISTER(0xE000E014)
#define SYST_CVR REGISTER(0xE000E018)

#define CSR_ENABLE    1U
#define CSR_TICKINT   2U
#define CSR_CLKSOURCE 4U /* the core's clock */

static volatile uint32_t ticks;

void clock_start(void)
{
    SYST_RVR = MPS2_CLOCK_HZ / 1000U - 1U;
    SYST_CVR = 0;
    SYST_CSR = CSR_ENABLE | CSR_TICKINT | CSR_CLKSOURCE;
}

void clock_tick(void)
{
    ticks++;
}

uint32_t clock_ms(void)
{
    return ticks;
}

uint32_t clock_count(void)
{
    return REGISTER(MPS2_COUNTER);
}

void clock_sleep(void)
{
    __asm volatile("wfi" ::: "memory");
}

u32_t sys_now(void)
{
    return ticks;
}
