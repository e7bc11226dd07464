/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_INTERRUPTS_H
#define EXAMPLE_INTERRUPTS_H

/* From now on, that a frame came is told (lan9118_interrupt_at_frame). */
void interrupts_start(void);

/* It did. The variant has this one. */
void ethernet_interrupt(void);

#endif
