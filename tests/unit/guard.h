/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_GUARD_H
#define STINT_TEST_GUARD_H

#include <stddef.h>
#include <stdint.h>

/* Memory between two pages that must not be touched: a read or write beyond it ends the test. */
struct guard {
    uint8_t *begin; /* the first octet after the lower page */
    uint8_t *end;   /* the first octet of the upper page */
    void *mapping;
    size_t mapped;
};

void guard_map(struct guard *guard, size_t least);
void guard_unmap(struct guard *guard);

#endif
