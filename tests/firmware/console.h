/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_CONSOLE_H
#define FIRMWARE_CONSOLE_H

#include <stdint.h>

/* Text on the board's serial port. */
void console_text(const char *text);
void console_number(const char *before, uint32_t number);

#endif
