/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_MPS2_H
#define FIRMWARE_MPS2_H

#include <stdint.h>

/* Arm's MPS2 board as FPGA images AN385 (Cortex-M3) and AN386 (Cortex-M4) make it. */
#define REGISTER(address) (*(volatile uint32_t *)(address))

#define MPS2_CLOCK_HZ 25000000U
#define MPS2_UART0    0x40004000U
#define MPS2_COUNTER  0x40028018U /* counts the core's clock */
#define MPS2_ETHERNET 0x40200000U

#endif
