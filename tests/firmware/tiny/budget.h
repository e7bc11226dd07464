/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_BUDGET_H
#define FIRMWARE_BUDGET_H

/* One record buffer for both directions: records of 2,048 octets of text. */
#define BUDGET_IN  2373
#define BUDGET_OUT 0

#endif
