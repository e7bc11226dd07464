/* SPDX-License-Identifier: MIT */
#include "FreeRTOS.h"
#include "semphr.h"
#include "task.h"

#include "lwip/sys.h"
#include "lwip/tcpip.h"

/* arch/sys_arch.h says what this is. */

void sys_init(void)
{
}

sys_prot_t sys_arch_protect(void)
{
    taskENTER_CRITICAL(); /* nests */
    return 0;
}

void sys_arch_unprotect(sys_prot_t before)
{
    (void)before;
    taskEXIT_CRITICAL();
}

/* ---- The lock ---- */

err_t sys_mutex_new(sys_mutex_t *mutex)
{
    mutex->handle = xSemaphoreCreateMutexStatic(&mutex->memory);
    return ERR_OK;
}

void sys_mutex_lock(sys_mutex_t *mutex)
{
    (void)xSemaphoreTake(mutex->handle, portMAX_DELAY);
}

void sys_mutex_unlock(sys_mutex_t *mutex)
{
    (void)xSemaphoreGive(mutex->handle);
}

/* lwIP asks in each of its functions that must not be called without. Before its thread is made
 * there is no lock, nor anybody to lock out. */
void sys_check_core_locking(void)
{
    SemaphoreHandle_t lock = lock_tcpip_core.handle;

    configASSERT(lock == NULL || xSemaphoreGetMutexHolder(lock) == xTaskGetCurrentTaskHandle());
}

/* ---- The box ---- */

err_t sys_mbox_new(sys_mbox_t *mbox, int size)
{
    (void)size; /* TCPIP_MBOX_SIZE */
    mbox->handle = xQueueCreateStatic(TCPIP_MBOX_SIZE, sizeof mbox->messages[0],
                                      (uint8_t *)mbox->messages, &mbox->memory);
    return ERR_OK;
}

void sys_mbox_post(sys_mbox_t *mbox, void *message)
{
    (void)xQueueSendToBack(mbox->handle, &message, portMAX_DELAY);
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *message)
{
    return xQueueSendToBack(mbox->handle, &message, 0) == pdTRUE ? ERR_OK : ERR_MEM;
}

/* 0: for good. */
u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **message, u32_t timeout_ms)
{
    TickType_t ticks = timeout_ms == 0 ? portMAX_DELAY : pdMS_TO_TICKS(timeout_ms);

    return xQueueReceive(mbox->handle, message, ticks) == pdTRUE ? 0 : SYS_ARCH_TIMEOUT;
}

/* ---- The thread ---- */

sys_thread_t sys_thread_new(const char *name, lwip_thread_fn function, void *argument,
                            int stack_octets, int priority)
{
    static StackType_t stack[TCPIP_THREAD_STACKSIZE / sizeof(StackType_t)];
    static StaticTask_t task;

    (void)stack_octets; /* TCPIP_THREAD_STACKSIZE */
    return xTaskCreateStatic(function, name, sizeof stack / sizeof stack[0], argument,
                             (UBaseType_t)priority, stack, &task);
}
