/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_BUDGET_H
#define FIRMWARE_BUDGET_H

#include "stint/config.h"

/* Two record buffers. */
#define BUDGET_IN  STINT_IN_SMALL
#define BUDGET_OUT STINT_OUT_MIN

#endif
