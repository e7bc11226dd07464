# SPDX-License-Identifier: MIT
# The tests of port/lwip, over lwIP built as lwipopts.h has it, all by clang with sanitizers:
#
#   $(LWIP_OUT)/tiny/test_port, sweep    address and undefined behaviour; lends what it can
#               roomy                    the same, as it comes
#               copying                  as roomy, with STINT_LWIP_COPY_MAX 65535
#   $(LWIP_OUT)/threaded/threaded        NO_SYS 0; threads
#
# Run from the top: make -f tests/lwip/lwip.mk. tests/sources.sh fetches lwIP; its threads are those
# of the port to POSIX that Debian adds.

TEST_OUT ?= build/test
LWIP_OUT ?= $(TEST_OUT)/lwip
LWIP     := build/sources/lwip

CC       := clang
COMPILE  := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
STANDARD := -std=c99 -D_GNU_SOURCE -MD -MP
INCLUDES := -Iinclude -Iport/lwip -Itests/lwip -Itests/unit -isystem $(LWIP)/src/include \
    -isystem $(LWIP)/port/include

ifdef BEARSSL
BEARSSL_CFLAGS := -isystem $(BEARSSL)/inc
BEARSSL_LIBS   := $(BEARSSL)/build/libbearssl.a
else
BEARSSL_LIBS   := -lbearssl
endif

.PHONY: all
all:

# ---- Stint, as tests.mk builds it ----

SANITIZE_asan := -fsanitize=address,undefined
SANITIZE_tsan := -fsanitize=thread

CC_asan     := clang
CFLAGS_asan := $(COMPILE) $(SANITIZE_asan)
CC_gcc      := gcc
CFLAGS_gcc  := -O2 -g

.PHONY: library_asan library_gcc
library_asan library_gcc: library_%:
	@$(MAKE) -s --no-print-directory OUT=$(TEST_OUT)/$* CC='$(CC_$*)' CFLAGS='$(CFLAGS_$*)' \
	    $(TEST_OUT)/$*/libstint.a
$(TEST_OUT)/asan/libstint.a $(TEST_OUT)/gcc/libstint.a: $(TEST_OUT)/%/libstint.a: library_%
	@:

# ---- lwIP: no warnings asked for, and no optimizer waited for ----

FLAGS_tiny     := -DTINY -DSTINT_LWIP_COPY_MAX=64 $(SANITIZE_asan)
FLAGS_roomy    := -DROOMY $(SANITIZE_asan)
FLAGS_threaded := -DTHREADED $(SANITIZE_tsan)

STACK := tests/lwip/stack.c $(LWIP)/src/core/mem.c $(LWIP)/src/core/memp.c
STACK_tiny     := $(STACK)
STACK_roomy    := $(STACK)
STACK_threaded := $(STACK) $(LWIP)/port/sys_arch.c

# $(call stack,NAME)
define stack
stack_$(1) := $$(STACK_$(1):%.c=$$(LWIP_OUT)/stack/$(1)/%.o)
$$(stack_$(1)): $$(LWIP_OUT)/stack/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC $$< ($(1))"
	@$$(CC) $$(FLAGS_$(1)) -I$(LWIP)/src $$(INCLUDES) $$(STANDARD) $$(COMPILE) -O0 -w -c -o $$@ $$<

-include $$(stack_$(1):.o=.d)
endef

$(foreach name,tiny roomy threaded,$(eval $(call stack,$(name))))

# ---- The port, and what tests it ----

FLAGS_copying := $(FLAGS_roomy) -DSTINT_LWIP_COPY_MAX=65535

PORT  := $(wildcard port/lwip/*.c) tests/lwip/wire.c
ALONE := $(PORT) tests/lwip/place.c tests/lwip/mx.c tests/unit/tls_server.c

# $(call build,NAME,STACK,LIBRARY,PROGRAMS,SOURCES,LINK)
define build
objects_$(1)  := $$(patsubst %.c,$$(LWIP_OUT)/$(1)/%.o,$(5))
mains_$(1)    := $$(patsubst %,$$(LWIP_OUT)/$(1)/tests/lwip/%.o,$(4))
programs_$(1) := $$(patsubst %,$$(LWIP_OUT)/$(1)/%,$(4))

all: $$(programs_$(1))

$$(objects_$(1)) $$(mains_$(1)): $$(LWIP_OUT)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC $$< ($(1))"
	@$$(CC) $$(FLAGS_$(1)) $$(INCLUDES) $$(BEARSSL_CFLAGS) $$(STANDARD) $$(WARNINGS) $$(COMPILE) \
	    -c -o $$@ $$<

$$(programs_$(1)): $$(LWIP_OUT)/$(1)/%: $$(LWIP_OUT)/$(1)/tests/lwip/%.o $$(objects_$(1)) \
    $$(stack_$(2)) $$(TEST_OUT)/$(3)/libstint.a
	@echo "  LD $$@"
	@$$(CC) $$(FLAGS_$(1)) $$(COMPILE) $(6) -o $$@ $$^ $$(BEARSSL_LIBS) -lslirp

-include $$(objects_$(1):.o=.d) $$(mains_$(1):.o=.d)
endef

WRAPPED := -Wl,--wrap=memp_malloc -Wl,--wrap=mem_malloc -lcmocka

$(foreach name,tiny roomy copying,$(eval $(call build,$(name),$(name:copying=roomy),asan,test_port sweep,$(ALONE),$(WRAPPED))))
$(eval $(call build,threaded,threaded,gcc,threaded,$(PORT),-lpthread))
