/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "lwipopts_common.h"

/* One task calls lwIP, and nobody else does: nothing to lock. */
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0

#endif
