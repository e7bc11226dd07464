# SPDX-License-Identifier: MIT
# The fuzz targets: each fuzz_*.c is a libFuzzer program, with a library that was built for it. What
# they share is in the other files, and in those of tests/permute that make up its rule.
#
# Run from the top: make -f tests/fuzz/fuzz.mk. To search on for longer than the tests do:
#
#   mkdir -p build/fuzz/body
#   build/test/fuzz/fuzz_body build/fuzz/body tests/fuzz/corpus/body
#
# fuzz_session's corpus is made of the transcripts: $(FUZZ_OUT)/corpus/session.

FUZZ_OUT ?= build/test/fuzz

CC       := clang
SANITIZE := address,undefined
COMPILE  := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
STANDARD := -std=c99 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DSTINT_CRAM_MD5=1 -Wall -Wextra -Wpedantic \
    -Wshadow -Wconversion -Werror -MMD -MP
INCLUDES := -Iinclude -Isrc -Iport/posix -Itests/fuzz -Itests/permute -Itests/unit

ifdef BEARSSL
BEARSSL_CFLAGS := -isystem $(BEARSSL)/inc
BEARSSL_LIBS   := $(BEARSSL)/build/libbearssl.a
else
BEARSSL_LIBS   := -lbearssl
endif

PROGRAM_SRC := $(wildcard tests/fuzz/fuzz_*.c)
PROGRAMS    := $(PROGRAM_SRC:tests/fuzz/%.c=$(FUZZ_OUT)/%)
SHARED_SRC  := $(filter-out $(PROGRAM_SRC),$(wildcard tests/fuzz/*.c)) \
    $(patsubst %,tests/permute/%.c,ear heard hearing mails message parameters rule saying \
    verdict)
OBJECTS     := $(PROGRAM_SRC:%.c=$(FUZZ_OUT)/%.o) $(SHARED_SRC:%.c=$(FUZZ_OUT)/%.o)
LIB_SRC     := $(wildcard src/*.c src/*/*.c) port/posix/anchor.c port/posix/der.c port/posix/pem.c
LIB_OBJECTS := $(LIB_SRC:%.c=$(FUZZ_OUT)/%.o)

.PHONY: all
all: $(PROGRAMS) $(FUZZ_OUT)/corpus/session

$(OBJECTS) $(LIB_OBJECTS): $(FUZZ_OUT)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $< (fuzz)"
	@$(CC) $(INCLUDES) $(BEARSSL_CFLAGS) $(STANDARD) $(COMPILE) \
	    -fsanitize=fuzzer-no-link,$(SANITIZE) -c -o $@ $<

$(FUZZ_OUT)/libstint.a: $(LIB_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(FUZZ_OUT)/shared.a: $(SHARED_SRC:%.c=$(FUZZ_OUT)/%.o)
	@rm -f $@
	@$(AR) rcs $@ $^

$(PROGRAMS): $(FUZZ_OUT)/%: $(FUZZ_OUT)/tests/fuzz/%.o $(FUZZ_OUT)/shared.a $(FUZZ_OUT)/libstint.a
	@echo "  LD $@"
	@$(CC) $(COMPILE) -fsanitize=fuzzer,$(SANITIZE) -o $@ $^ $(BEARSSL_LIBS)

$(FUZZ_OUT)/corpus/session: tests/fuzz/session_seeds.py $(wildcard tests/sessions/*.txt)
	@rm -rf $@
	@mkdir -p $@
	@/usr/bin/python3 $< $@

-include $(OBJECTS:.o=.d) $(LIB_OBJECTS:.o=.d)
