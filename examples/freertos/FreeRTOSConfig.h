/* SPDX-License-Identifier: MIT */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include <stdint.h>

/* No heap: every task, its stack and what it waits for are variables. */
#define configSUPPORT_STATIC_ALLOCATION  1
#define configSUPPORT_DYNAMIC_ALLOCATION 0

/* The board's (mps2.h). A tick is a millisecond: so lwIP's clock and Stint's are FreeRTOS's. */
#define configCPU_CLOCK_HZ       25000000
#define configTICK_RATE_HZ       1000
#define configUSE_16_BIT_TICKS   0
#define configSTACK_DEPTH_TYPE   uint32_t
#define configMINIMAL_STACK_SIZE 64 /* words: the idle task's */

#define configUSE_PREEMPTION         1
#define configMAX_PRIORITIES         4
#define configMAX_TASK_NAME_LEN      16
#define configIDLE_SHOULD_YIELD      1
#define configUSE_IDLE_HOOK          1 /* sleeps */
#define configUSE_TICK_HOOK          0
#define configUSE_MUTEXES            1
#define configUSE_TASK_NOTIFICATIONS 1
#define configUSE_TIMERS             0
#define configUSE_CO_ROUTINES        0

#define INCLUDE_vTaskSuspend                1 /* portMAX_DELAY waits for good */
#define INCLUDE_uxTaskGetStackHighWaterMark 1
#define INCLUDE_xSemaphoreGetMutexHolder    1
#define INCLUDE_xTaskGetCurrentTaskHandle   1
#define INCLUDE_xTaskGetHandle              1

/* Mistakes end the program, and say where (start.c). */
void assert_failed(const char *what);
#define configASSERT(is_so)            ((is_so) ? (void)0 : assert_failed(#is_so))
#define configCHECK_FOR_STACK_OVERFLOW 2

/* Priorities of interrupts, of eight bits, smaller ones first. Who calls FreeRTOS must be above the
 * first of these in number. */
#define configMAX_SYSCALL_INTERRUPT_PRIORITY 0x40
#define configKERNEL_INTERRUPT_PRIORITY      0xFF

/* As they stand in the table of vectors. */
#define vPortSVCHandler     svc_handler
#define xPortPendSVHandler  pendsv_handler
#define xPortSysTickHandler systick_handler

#endif
