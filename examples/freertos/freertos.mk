# SPDX-License-Identifier: MIT
# The example for the emulated board, both variants; see README.md. Run from the top:
#
#   make -f examples/freertos/freertos.mk FREERTOS=DIR LWIP=DIR
#       build/firmware/freertos/{one-task,threads}.elf
#
#   FREERTOS=DIR  the kernel: tasks.c, include/, portable/
#   LWIP=DIR      lwIP: src/
#   BEARSSL=DIR   BearSSL's source: inc/, src/; Debian's (tests/sources.sh bearssl) if not said
#   ROOTS=FILES   the roots that are trusted, PEM; those of the tests' servers if not said

EXAMPLE_OUT ?= build/firmware/freertos
BEARSSL     ?= build/sources/bearssl
ROOTS       ?= $(patsubst %,build/servers/certs/root-%.pem,p256 rsa)

# $(call needs,VARIABLE,FILE,WHAT)
needs = $(if $(wildcard $($(1))/$(2)),,$(error $(1)=$($(1)): no $(2) there; $(1)=DIR says where $(3) is))
$(call needs,FREERTOS,tasks.c,the FreeRTOS kernel)
$(call needs,LWIP,src/include/lwip/opt.h,lwIP)
$(call needs,BEARSSL,src/inner.h,the source of BearSSL)

# Nothing computes in floating point, so a Cortex-M4 is served by the port for the Cortex-M3.
KERNEL_PORT := $(FREERTOS)/portable/GCC/ARM_CM3

COMPILE = @mkdir -p $(@D) && echo "  CC $@" && arm-none-eabi-gcc -mthumb -mcpu=cortex-m4 -Os -g \
    -ffunction-sections -fdata-sections -MD -MP -fno-tree-loop-distribute-patterns
OURS   := -std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
THEIRS := -w

# The example, and of tests/firmware the board and the message.
EXAMPLE_C := $(patsubst %,examples/freertos/%.c,alert network stacks start) \
    $(patsubst %,tests/firmware/%.c,console ethernet lan9118 memory random readings semihosting stack)
STINT_C   := $(wildcard src/*.c src/*/*.c port/lwip/*.c)
KERNEL_C  := $(FREERTOS)/tasks.c $(FREERTOS)/queue.c $(FREERTOS)/list.c $(KERNEL_PORT)/port.c
LWIP_C    := $(filter-out $(LWIP)/src/core/sys.c,$(wildcard $(LWIP)/src/core/*.c $(LWIP)/src/core/ipv4/*.c)) \
    $(LWIP)/src/netif/ethernet.c
BEARSSL_C := $(wildcard $(BEARSSL)/src/*.c $(BEARSSL)/src/*/*.c)

VARIANT_one-task := examples/freertos/one_task.c
VARIANT_threads  := examples/freertos/threads.c examples/freertos/sys_arch.c
LWIP_C_threads   := $(LWIP)/src/api/tcpip.c

.PHONY: all
all:

# $(call variant,NAME)
define variant
out_$(1)      := $(EXAMPLE_OUT)/$(1)
includes_$(1) := -Iexamples/freertos/$(1) -Iexamples/freertos -Itests/firmware -Iport/lwip -Iinclude \
    -isystem $(LWIP)/src/include -isystem $(FREERTOS)/include -isystem $(KERNEL_PORT) \
    -isystem $(BEARSSL)/inc
objects_$(1)  := $$(patsubst %.c,$$(out_$(1))/ours/%.o,$(EXAMPLE_C) $(STINT_C) $(VARIANT_$(1))) \
    $$(patsubst $(FREERTOS)/%.c,$$(out_$(1))/kernel/%.o,$(KERNEL_C)) \
    $$(patsubst $(LWIP)/src/%.c,$$(out_$(1))/lwip/%.o,$(LWIP_C) $(LWIP_C_$(1))) \
    $(EXAMPLE_OUT)/anchors.o

$$(out_$(1))/ours/%.o: %.c
	$$(COMPILE) $(OURS) $$(includes_$(1)) -Isrc -DSTINT_TRACE=0 -c -o $$@ $$<
$$(out_$(1))/kernel/%.o: $(FREERTOS)/%.c
	$$(COMPILE) $(THEIRS) $$(includes_$(1)) -c -o $$@ $$<
$$(out_$(1))/lwip/%.o: $(LWIP)/src/%.c
	$$(COMPILE) $(THEIRS) $$(includes_$(1)) -c -o $$@ $$<

all: $$(out_$(1)).elf
$$(out_$(1)).elf: $$(objects_$(1)) $(EXAMPLE_OUT)/libbearssl.a examples/freertos/board.ld tests/firmware/sections.ld
	@echo "  LD $$@"
	@arm-none-eabi-gcc -mthumb -mcpu=cortex-m4 -nostdlib -Wl,--gc-sections -Wl,--fatal-warnings \
	    -Wl,-Map=$$(@:.elf=.map) -Ltests/firmware -T examples/freertos/board.ld -o $$@ \
	    $$(filter %.o %.a,$$^) -lgcc

-include $$(objects_$(1):.o=.d)
endef
$(eval $(call variant,one-task))
$(eval $(call variant,threads))

$(EXAMPLE_OUT)/bearssl/%.o: $(BEARSSL)/src/%.c
	$(COMPILE) $(THEIRS) -I$(BEARSSL)/inc -I$(BEARSSL)/src -DBR_ARMEL_CORTEXM_GCC=1 -DBR_USE_UNIX_TIME=0 \
	    -DBR_USE_URANDOM=0 -c -o $@ $<
$(EXAMPLE_OUT)/libbearssl.a: $(BEARSSL_C:$(BEARSSL)/src/%.c=$(EXAMPLE_OUT)/bearssl/%.o)
	@rm -f $@
	@arm-none-eabi-ar rcs $@ $^

$(EXAMPLE_OUT)/anchors.o: $(EXAMPLE_OUT)/anchors.c
	$(COMPILE) $(OURS) -isystem $(BEARSSL)/inc -c -o $@ $<
$(EXAMPLE_OUT)/anchors.c: $(ROOTS)
	@mkdir -p $(@D)
	@$(MAKE) -s --no-print-directory BEARSSL= OUT=$(EXAMPLE_OUT)/host $(EXAMPLE_OUT)/host/stint
	@$(EXAMPLE_OUT)/host/stint anchors -q --name alert_anchors $(ROOTS) > $@.new
	@mv $@.new $@
