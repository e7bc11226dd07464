/* SPDX-License-Identifier: MIT */
#include "console.h"
#include "interrupts.h"
#include "mps2.h"
#include "semihosting.h"
#include "stack.h"

#include "FreeRTOS.h"
#include "task.h"

#include "lwip/sys.h"

#include <string.h>

/*
 * From reset to main, and what FreeRTOS and lwIP ask of a board. The names of no type are the
 * linker script's (tests/firmware/sections.ld).
 */
extern uint32_t stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

/* Of the NVIC (Armv7-M B3.4), which has eight bits for a priority here. */
#define ETHERNET_IRQ      13
#define ETHERNET_PRIORITY 0x80U /* calls FreeRTOS: configMAX_SYSCALL_INTERRUPT_PRIORITY */
#define NVIC_ISER0        REGISTER(0xE000E100)
#define NVIC_IPR(number)  (*(volatile uint8_t *)(0xE000E400U + (number)))

int main(void);

void reset(void);
void reset(void)
{
    stack_paint();
    memcpy(data_start, data_image, (size_t)((uint8_t *)data_end - (uint8_t *)data_start));
    memset(bss_start, 0, (size_t)((uint8_t *)bss_end - (uint8_t *)bss_start));
    console_start();
    main();
}

void interrupts_start(void)
{
    NVIC_IPR(ETHERNET_IRQ) = ETHERNET_PRIORITY;
    NVIC_ISER0 = 1U << ETHERNET_IRQ;
}

static void fault(void)
{
    semihosting_exit(STATUS_FAULT);
}

/* FreeRTOS's (FreeRTOSConfig.h). */
void svc_handler(void);
void pendsv_handler(void);
void systick_handler(void);

/* What the core reads at address 0 (Armv7-M B1.5.2), and after it the board's interrupts. */
static const struct {
    uint32_t *stack;
    void (*handlers[15])(void);
    void (*interrupts[ETHERNET_IRQ + 1])(void);
} vectors __attribute__((section(".vectors"), used)) = {
    .stack = stack_top,
    .handlers = {reset, fault, fault, fault, fault, fault, fault, fault, fault, fault, svc_handler,
                 fault, fault, pendsv_handler, systick_handler},
    .interrupts = {[ETHERNET_IRQ] = ethernet_interrupt},
};

/* ---- For FreeRTOS ---- */

void vApplicationGetIdleTaskMemory(StaticTask_t **task, StackType_t **stack, uint32_t *words)
{
    static StaticTask_t memory;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];

    *task = &memory;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

void vApplicationIdleHook(void);
void vApplicationIdleHook(void)
{
    __asm volatile("wfi" ::: "memory");
}

void vApplicationStackOverflowHook(TaskHandle_t task, char *name)
{
    (void)task;
    console_text(name);
    console_text(": stack overflow\n");
    semihosting_exit(STATUS_LIMIT);
}

void assert_failed(const char *what)
{
    console_text(what);
    console_text(": does not hold\n");
    semihosting_exit(STATUS_FAULT);
}

/* ---- For lwIP ---- */

u32_t sys_now(void)
{
    return xTaskGetTickCount() * portTICK_PERIOD_MS;
}
