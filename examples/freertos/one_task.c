/* SPDX-License-Identifier: MIT */
#include "alert.h"
#include "interrupts.h"
#include "lan9118.h"
#include "network.h"
#include "stacks.h"

#include "FreeRTOS.h"
#include "task.h"

#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

/*
 * NO_SYS 1: one task of the firmware has lwIP and Stint in it. Its notification says that a frame
 * came; all else that it waits for is time.
 */

#define PRIORITY     1
#define STACK_OCTETS 5120

static StackType_t stack[STACK_OCTETS / sizeof(StackType_t)];
static StaticTask_t memory;
static TaskHandle_t task;

void ethernet_interrupt(void)
{
    BaseType_t switches = pdFALSE;

    lan9118_interrupt_off();
    vTaskNotifyGiveFromISR(task, &switches);
    portYIELD_FROM_ISR(switches);
}

/* Sleep first: what comes after that, Stint is to see next. */
static void wait(uint32_t ms)
{
    uint32_t timers_ms = sys_timeouts_sleeptime();

    (void)ulTaskNotifyTake(pdTRUE, pdMS_TO_TICKS(ms < timers_ms ? ms : timers_ms));
    network_receive();
    sys_check_timeouts();
}

static void run(void *unused)
{
    (void)unused;
    lwip_init();
    network_start(ethernet_input);
    alert_run(wait, NULL);
}

void stacks_print(void)
{
    stacks_print_task("task", task, sizeof stack);
    stacks_print_interrupts();
}

int main(void)
{
    task = xTaskCreateStatic(run, "alert", sizeof stack / sizeof stack[0], NULL, PRIORITY, stack,
                             &memory);
    vTaskStartScheduler();
    return 0; /* it does not come here */
}
