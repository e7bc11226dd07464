/* SPDX-License-Identifier: MIT */
#include "alert.h"
#include "interrupts.h"
#include "lan9118.h"
#include "network.h"
#include "stacks.h"

#include "FreeRTOS.h"
#include "task.h"

#include "lwip/tcpip.h"

/*
 * NO_SYS 0: lwIP's thread, a task of the driver's, and one with Stint, which is the least urgent:
 * it computes for seconds, and the others go on meanwhile.
 */

#define ALERT_PRIORITY     1
#define ALERT_STACK_OCTETS 5120

#define DRIVER_PRIORITY     2
#define DRIVER_STACK_OCTETS 2048 /* a frame is in it */

static StackType_t alert_stack[ALERT_STACK_OCTETS / sizeof(StackType_t)];
static StackType_t driver_stack[DRIVER_STACK_OCTETS / sizeof(StackType_t)];
static StaticTask_t alert_memory, driver_memory;
static TaskHandle_t alert, driver;

/* ---- The driver ---- */

void ethernet_interrupt(void)
{
    BaseType_t switches = pdFALSE;

    lan9118_interrupt_off();
    vTaskNotifyGiveFromISR(driver, &switches);
    portYIELD_FROM_ISR(switches);
}

static void run_driver(void *unused)
{
    (void)unused;
    for (;;) {
        network_receive();
        (void)ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
    }
}

/* ---- Stint ---- */

/* By lwIP, from any of the tasks, with the lock held. */
static void wake(void *unused)
{
    (void)unused;
    (void)xTaskNotifyGive(alert);
}

static void wait(uint32_t ms)
{
    (void)ulTaskNotifyTake(pdTRUE, pdMS_TO_TICKS(ms));
}

static void run_alert(void *unused)
{
    (void)unused;
    alert_run(wait, wake);
}

void stacks_print(void)
{
    stacks_print_task("alert", alert, sizeof alert_stack);
    stacks_print_task("lwip", xTaskGetHandle(TCPIP_THREAD_NAME), TCPIP_THREAD_STACKSIZE);
    stacks_print_task("driver", driver, sizeof driver_stack);
    stacks_print_interrupts();
}

/* ---- To begin with ---- */

/* In lwIP's thread, with the lock held. It is the most urgent one, so the others begin when it
 * first waits. */
static void lwip_is_up(void *unused)
{
    (void)unused;
    driver = xTaskCreateStatic(run_driver, "driver", sizeof driver_stack / sizeof driver_stack[0],
                               NULL, DRIVER_PRIORITY, driver_stack, &driver_memory);
    alert = xTaskCreateStatic(run_alert, "alert", sizeof alert_stack / sizeof alert_stack[0], NULL,
                              ALERT_PRIORITY, alert_stack, &alert_memory);
    network_start(tcpip_input);
}

int main(void)
{
    tcpip_init(lwip_is_up, NULL);
    vTaskStartScheduler();
    return 0; /* it does not come here */
}
