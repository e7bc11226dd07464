/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_LIMITS_H
#define FIRMWARE_LIMITS_H

#include <stdbool.h>

/* Before a connection: what is in use now, such as DHCP's, stays so. */
void limits_begin(void);

/* After it: has lwIP back all that the connection took of its heap and pools? */
bool limits_all_is_back(void);

/* Print how much was used at most of what was reserved: stack, lwIP's heap, and its pools in the
 * order of its memp_std.h. True if nothing was short. */
bool limits_hold(void);

#endif
