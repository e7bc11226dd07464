/* SPDX-License-Identifier: MIT */
#include "../tiny/lwipopts.h"

/* A segment: the stack that the shortest code for P-256 takes, has to come from somewhere. */
#undef TCP_WND
#define TCP_WND 536
