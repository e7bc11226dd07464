/* SPDX-License-Identifier: MIT */
#include "console.h"

#include "mps2.h"

/* CMSDK APB UART. */
#define UART_DATA    REGISTER(MPS2_UART0 + 0x00)
#define UART_STATE   REGISTER(MPS2_UART0 + 0x04)
#define UART_CTRL    REGISTER(MPS2_UART0 + 0x08)
#define UART_BAUDDIV REGISTER(MPS2_UART0 + 0x10)

#define STATE_TX_FULL  1U
#define STATE_RX_FULL  2U
#define CTRL_TX_ENABLE 1U
#define CTRL_RX_ENABLE 2U
#define BAUD           115200U

void console_start(void)
{
    UART_BAUDDIV = MPS2_CLOCK_HZ / BAUD;
    UART_CTRL = CTRL_TX_ENABLE | CTRL_RX_ENABLE;
}

bool console_has_octet(void)
{
    return (UART_STATE & STATE_RX_FULL) != 0;
}

uint8_t console_octet(void)
{
    return (uint8_t)UART_DATA;
}

static void put(char octet)
{
    while ((UART_STATE & STATE_TX_FULL) != 0) {
    }
    UART_DATA = (uint8_t)octet;
}

void console_text(const char *text)
{
    while (*text != '\0') {
        put(*text++);
    }
}

static void put_number(uint32_t number)
{
    if (number > 9) {
        put_number(number / 10);
    }
    put((char)('0' + number % 10));
}

void console_number(const char *before, uint32_t number)
{
    console_text(before);
    put_number(number);
}
