/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_BUDGET_H
#define FIRMWARE_BUDGET_H

#include "stint/config.h"

/* One record buffer for both directions, as large as a record can be. */
#define BUDGET_IN  STINT_IN_ANY_SERVER
#define BUDGET_OUT 0

#endif
