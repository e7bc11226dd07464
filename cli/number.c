/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <stddef.h>

const char *number_read(uint32_t *number, const char *value, uint32_t most)
{
    uint64_t sum = 0;

    for (; *value >= '0' && *value <= '9' && sum <= most; value++) {
        sum = 10 * sum + (uint64_t)(*value - '0');
    }
    *number = (uint32_t)sum;
    return sum > 0 && sum <= most ? value : NULL;
}
