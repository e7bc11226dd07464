/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_ARCH_SYS_ARCH_H
#define EXAMPLE_ARCH_SYS_ARCH_H

#include "FreeRTOS.h"
#include "queue.h"
#include "semphr.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * lwIP on FreeRTOS without a heap (NO_SYS 0): each of lwIP's objects has FreeRTOS's in it. It is
 * what the raw interface needs: the lock, lwIP's thread, and the box that this waits at. Who uses
 * netconn or sockets as well takes the one of lwIP's contrib, which needs a heap.
 */

typedef struct {
    SemaphoreHandle_t handle;
    StaticSemaphore_t memory;
} sys_mutex_t;

typedef struct {
    QueueHandle_t handle;
    StaticQueue_t memory;
    void *messages[TCPIP_MBOX_SIZE];
} sys_mbox_t;

typedef TaskHandle_t sys_thread_t;
typedef UBaseType_t sys_prot_t;
typedef struct { /* of none is one made */
    void *unused;
} sys_sem_t;

#define sys_mbox_valid(mbox)       ((mbox) != NULL && (mbox)->handle != NULL)
#define sys_mbox_set_invalid(mbox) ((mbox)->handle = NULL)

#endif
