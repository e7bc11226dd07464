/* SPDX-License-Identifier: MIT */
#include "session/decimal.h"

char *stint_decimal(char *end, uint32_t value)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return end;
}
