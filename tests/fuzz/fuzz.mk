# SPDX-License-Identifier: MIT
# The fuzz targets: each fuzz_*.c is a libFuzzer program, with a library that was built for it.
#
# Run from the top: make -f tests/fuzz/fuzz.mk. To search on for longer than the tests do:
#
#   mkdir -p build/fuzz/session
#   build/test/fuzz/fuzz_session build/fuzz/session tests/fuzz/corpus/session

FUZZ_OUT ?= build/test/fuzz

CC       := clang
SANITIZE := address,undefined
COMPILE  := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
STANDARD := -std=c99 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Wshadow \
    -Wconversion -Werror -MMD -MP
INCLUDES := -Iinclude -Isrc -Iport/posix -Itests/fuzz

ifdef BEARSSL
BEARSSL_CFLAGS := -isystem $(BEARSSL)/inc
BEARSSL_LIBS   := $(BEARSSL)/build/libbearssl.a
else
BEARSSL_LIBS   := -lbearssl
endif

PROGRAM_SRC := $(wildcard tests/fuzz/fuzz_*.c)
PROGRAMS    := $(PROGRAM_SRC:tests/fuzz/%.c=$(FUZZ_OUT)/%)
OBJECTS     := $(PROGRAM_SRC:%.c=$(FUZZ_OUT)/%.o)
LIB_SRC     := $(wildcard src/*.c src/*/*.c) port/posix/anchor.c port/posix/der.c port/posix/pem.c
LIB_OBJECTS := $(LIB_SRC:%.c=$(FUZZ_OUT)/%.o)

.PHONY: all
all: $(PROGRAMS)

$(OBJECTS) $(LIB_OBJECTS): $(FUZZ_OUT)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $< (fuzz)"
	@$(CC) $(INCLUDES) $(BEARSSL_CFLAGS) $(STANDARD) $(COMPILE) \
	    -fsanitize=fuzzer-no-link,$(SANITIZE) -c -o $@ $<

$(FUZZ_OUT)/libstint.a: $(LIB_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(PROGRAMS): $(FUZZ_OUT)/%: $(FUZZ_OUT)/tests/fuzz/%.o $(FUZZ_OUT)/libstint.a
	@echo "  LD $@"
	@$(CC) $(COMPILE) -fsanitize=fuzzer,$(SANITIZE) -o $@ $^ $(BEARSSL_LIBS)

-include $(OBJECTS:.o=.d) $(LIB_OBJECTS:.o=.d)
