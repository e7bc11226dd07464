/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_CLOCK_H
#define FIRMWARE_CLOCK_H

#include <stdint.h>

/* Milliseconds since clock_start; they wrap. lwIP reads the same ones by sys_now. */
void clock_start(void);
uint32_t clock_ms(void);

/* The same clock at MPS2_CLOCK_HZ: for measuring how long something takes. */
uint32_t clock_count(void);

/* SysTick's handler. */
void clock_tick(void);

/* Sleep until the next interrupt: a millisecond at most. */
void clock_sleep(void);

#endif
