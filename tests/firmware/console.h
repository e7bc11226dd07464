/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_CONSOLE_H
#define FIRMWARE_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

/* The board's serial port. */
void console_start(void);

/* An octet that came, and whether there is one. */
bool console_has_octet(void);
uint8_t console_octet(void);

/* Text to send; waits until it has left. */
void console_text(const char *text);
void console_number(const char *before, uint32_t number);

#endif
