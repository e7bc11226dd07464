# SPDX-License-Identifier: MIT
# The test programs. Each unit/test_*.c is one; what they share is in the other files of unit/.
# All are built twice, each time against a library built alike:
#
#   $(TEST_OUT)/gcc    by gcc, optimised
#   $(TEST_OUT)/asan   by clang with the address and undefined-behaviour sanitizers; so is the stint
#                      command there, for the tests against real servers
#
# Both with what is left out unless it is asked for (stint/config.h), so that it is tested, too.
#
# Some of tools/ are built alike: compose, for test_compose.py; resume, for test_resume.py; signer, for
# test_identity.py; and verify_chain, for test_certificates.py, which needs loopback_names.so, too.
# test_sleep.py needs clock_ahead.so.
#
# Run from the top: make -f tests/tests.mk. The programs are for that folder, too.

TEST_OUT ?= build/test

CC_gcc      := gcc
CFLAGS_gcc  := -O2 -g
LDFLAGS_gcc :=

SANITIZE     := -fsanitize=address,undefined -fno-sanitize-recover=all
CC_asan      := clang
CFLAGS_asan  := -O1 -g $(SANITIZE) -fno-omit-frame-pointer
LDFLAGS_asan := $(SANITIZE)

SETTINGS := -DSTINT_CRAM_MD5=1

# As in the top Makefile.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
STANDARD := -std=c99 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE $(WARNINGS) $(SETTINGS) -MMD -MP
INCLUDES := -Iinclude -Isrc -Iport/posix -Itests/unit

ifdef BEARSSL
BEARSSL_CFLAGS := -isystem $(BEARSSL)/inc
BEARSSL_LIBS   := $(BEARSSL)/build/libbearssl.a
else
BEARSSL_LIBS   := -lbearssl
endif

PROGRAM_SRC := $(wildcard tests/unit/test_*.c)
SHARED_SRC  := $(filter-out $(PROGRAM_SRC),$(wildcard tests/unit/*.c))

.PHONY: all
all: $(TEST_OUT)/loopback_names.so $(TEST_OUT)/clock_ahead.so

TOOLS := compose resume signer verify_chain

# $(call variant,NAME)
define variant
programs_$(1) := $$(PROGRAM_SRC:tests/unit/%.c=$$(TEST_OUT)/$(1)/%)
tools_$(1)    := $$(patsubst %,$$(TEST_OUT)/$(1)/%,$(TOOLS))
tool_objects_$(1) := $$(patsubst %,$$(TEST_OUT)/$(1)/tests/tools/%.o,$(TOOLS))
objects_$(1)  := $$(PROGRAM_SRC:%.c=$$(TEST_OUT)/$(1)/%.o)
shared_$(1)   := $$(SHARED_SRC:%.c=$$(TEST_OUT)/$(1)/%.o)
libs_$(1)     := $$(TEST_OUT)/$(1)/libstint-posix.a $$(TEST_OUT)/$(1)/libstint.a

.PHONY: $(1)
all: $(1)
$(1): $$(programs_$(1)) $$(tools_$(1)) $$(TEST_OUT)/$(1)/stint

# The top Makefile is always asked. The recipe of what it makes does nothing, but has make look again
# whether that is new.
.PHONY: library_$(1)
library_$(1):
	@$$(MAKE) -s --no-print-directory OUT=$$(TEST_OUT)/$(1) CC='$$(CC_$(1))' \
	    CFLAGS='$$(CFLAGS_$(1)) $(SETTINGS)' LDFLAGS='$$(LDFLAGS_$(1))' all
$$(libs_$(1)) $$(TEST_OUT)/$(1)/stint: library_$(1)
	@:

$$(objects_$(1)) $$(shared_$(1)) $$(tool_objects_$(1)): $$(TEST_OUT)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC $$< ($(1))"
	@$$(CC_$(1)) $$(INCLUDES) $$(BEARSSL_CFLAGS) $$(STANDARD) $$(CFLAGS_$(1)) -c -o $$@ $$<

$$(TEST_OUT)/$(1)/shared.a: $$(shared_$(1))
	@rm -f $$@
	@$$(AR) rcs $$@ $$^

$$(programs_$(1)): $$(TEST_OUT)/$(1)/%: $$(TEST_OUT)/$(1)/tests/unit/%.o \
    $$(TEST_OUT)/$(1)/shared.a $$(libs_$(1))
	@echo "  LD $$@"
	@$$(CC_$(1)) $$(CFLAGS_$(1)) $$(LDFLAGS_$(1)) -o $$@ $$^ $$(BEARSSL_LIBS) -lcmocka -lpthread

$$(tools_$(1)): $$(TEST_OUT)/$(1)/%: $$(TEST_OUT)/$(1)/tests/tools/%.o $$(libs_$(1))
	@echo "  LD $$@"
	@$$(CC_$(1)) $$(CFLAGS_$(1)) $$(LDFLAGS_$(1)) -o $$@ $$^ $$(BEARSSL_LIBS) -lpthread

-include $$(objects_$(1):.o=.d) $$(shared_$(1):.o=.d) $$(tool_objects_$(1):.o=.d)
endef

$(eval $(call variant,gcc))
$(eval $(call variant,asan))

$(TEST_OUT)/%.so: tests/tools/%.c
	@mkdir -p $(@D)
	@echo "  LD $@"
	@gcc $(STANDARD) -shared -fPIC -o $@ $< -ldl

include tests/permute/permute.mk
