/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_BUDGET_H
#define FIRMWARE_BUDGET_H

/* One record buffer for both directions: records of 1,900 octets of text. */
#define BUDGET_IN  2048
#define BUDGET_OUT 0

#endif
