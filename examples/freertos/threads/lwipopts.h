/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "lwipopts_common.h"

/* lwIP has a thread of its own. Others call it with its lock held, as Stint's port does, and the
 * driver hands it a frame so. */
#define NO_SYS                        0
#define SYS_LIGHTWEIGHT_PROT          1
#define LWIP_TCPIP_CORE_LOCKING       1
#define LWIP_TCPIP_CORE_LOCKING_INPUT 1

#define TCPIP_MBOX_SIZE        4
#define TCPIP_THREAD_STACKSIZE 1024 /* octets */
#define TCPIP_THREAD_PRIO      3

/* Called without the lock, lwIP says so (sys_arch.c). */
void sys_check_core_locking(void);
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking()

#endif
