# Stint: an SMTP sender for constrained systems.
#
#   make              libstint.a (only src/), libstint-posix.a and the stint command
#   make static       build/static/stint: the command without shared libraries
#   make demo         a real mail through a real server, over verified STARTTLS with AUTH
#   make test         every check and test; ends with "N passed, N failed"
#   make faults       put faults into copies of the tree, one by one: each is caught by a test
#   make prove        prove that parsers, composing and stuffing do nothing undefined (Frama-C)
#   make anchors      trust anchors as C for well-known providers, into build/anchors/
#   make bench        what a mail costs, beside curl and msmtp, into docs/performance.md
#   make size         the size table of README.md, measured; make size-update writes it there
#   make firmware     build tests/firmware for an emulated board, and print what it takes;
#                     make firmware-update writes that to the READMEs
#   make firmware-test   run it, against all sorts of servers; make firmware-soak   100 times
#   make resume-test     have it sleep deeply between two mails, and show what resuming takes
#   make format       clang-format everything;  make format-check  only look
#   make flights      regenerate the figures of docs/starttls.md
#   make shown        show a composed mail in a mail reader, in docs/shown.md
#   make install      PREFIX=/usr/local DESTDIR=
#   make clean
#
# CC, CFLAGS, LDFLAGS as usual. BEARSSL=DIR uses a BearSSL built in DIR (inc/ and build/, as its
# own Makefile leaves them) instead of the system's libbearssl-dev. OUT=DIR builds elsewhere. WERROR=
# lets a compiler that we do not know warn.

PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g
OUT     ?= .
OBJ     ?= $(OUT)/build/obj
PYTHON  := /usr/bin/python3

WERROR   ?= -Werror
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(WERROR)
STANDARD := -std=c99 -ffunction-sections -fdata-sections $(WARNINGS) -MMD -MP

ifdef BEARSSL
ifeq ($(wildcard $(BEARSSL)/inc/bearssl.h),)
$(error BEARSSL=$(BEARSSL): there is no inc/bearssl.h)
endif
BEARSSL_CFLAGS := -isystem $(BEARSSL)/inc
BEARSSL_LIBS   := $(BEARSSL)/build/libbearssl.a
else
BEARSSL_LIBS   := -lbearssl
endif

LIB_SRC   := $(wildcard src/*.c src/*/*.c)
POSIX_SRC := $(wildcard port/posix/*.c)
CLI_SRC   := $(wildcard cli/*.c)
LIB_OBJ   := $(LIB_SRC:%.c=$(OBJ)/%.o)
POSIX_OBJ := $(POSIX_SRC:%.c=$(OBJ)/%.o)
CLI_OBJ   := $(CLI_SRC:%.c=$(OBJ)/%.o)

LIBS := $(OUT)/libstint.a $(OUT)/libstint-posix.a

.PHONY: all
all: $(LIBS) $(OUT)/stint

$(OUT)/libstint.a: $(LIB_OBJ)
$(OUT)/libstint-posix.a: $(POSIX_OBJ)
$(LIBS):
	@echo "  AR $@"
	@rm -f $@
	@$(AR) rcs $@ $^

$(OUT)/stint: $(CLI_OBJ) $(OUT)/libstint-posix.a $(OUT)/libstint.a
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--gc-sections -o $@ $^ $(BEARSSL_LIBS) -lpthread -ldl

$(LIB_OBJ):   CPPFLAGS += -Iinclude -Isrc
$(POSIX_OBJ): CPPFLAGS += -Iinclude -Iport/posix
$(CLI_OBJ):   CPPFLAGS += -Iinclude -Iport/posix -Icli -D_POSIX_C_SOURCE=200809L

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CPPFLAGS) $(BEARSSL_CFLAGS) $(STANDARD) $(CFLAGS) -c -o $@ $<

-include $(LIB_OBJ:.o=.d) $(POSIX_OBJ:.o=.d) $(CLI_OBJ:.o=.d)

# With a host name, glibc still loads the name services that the machine is configured for.
.PHONY: static
static:
	@$(MAKE) --no-print-directory OUT=$(OUT)/build/static LDFLAGS='$(LDFLAGS) -static' \
	    $(OUT)/build/static/stint

# CA_CERTIFICATES=DIR: not Debian's roots.
.PHONY: anchors
anchors: $(OUT)/stint
	@[ -n '$(CA_CERTIFICATES)' ] || tests/setup.sh anchors
	@examples/anchors/bundles.sh $(OUT)/stint $(OUT)/build/anchors $(CA_CERTIFICATES)

# Both main targets begin on a machine with nothing but make and a C compiler.

.PHONY: demo test
demo:
	tests/setup.sh build demo
	$(MAKE) all
	tests/demo.sh $(OUT)/stint

test:
	tests/setup.sh bench build demo size firmware proof shown test
	$(MAKE) -j"$$(nproc)" all static
	$(MAKE) -j"$$(nproc)" -f tests/tests.mk
	$(PYTHON) -m pytest -q -n "$$(nproc)" --dist loadfile tests

# The first is part of the above.
.PHONY: faults
faults:
	tests/setup.sh build proof test
	tests/faults/run.py
	tests/faults/run.py --list tests/faults/proofs.txt

.PHONY: prove
prove:
	tests/setup.sh build proof
	tests/proof/proof.sh

.PHONY: size size-update
size:
	@tests/setup.sh build size >&2
	@tests/size.sh
size-update:
	@mkdir -p build
	@tests/setup.sh build size
	@tests/size.sh > build/size.md
	sed -i -e '/<!-- size table/,/<!-- end of size/ { /<!--/!d }' \
	    -e '/<!-- size table/r build/size.md' README.md

.PHONY: firmware firmware-images firmware-soak firmware-test firmware-update resume-test
firmware: firmware-images
	tests/firmware/sizes.py
firmware-test: firmware-images
	tests/setup.sh demo test
	$(PYTHON) -m pytest -q tests/test_firmware.py
firmware-soak: firmware-images
	FIRMWARE_SOAK=100 $(PYTHON) -m pytest -q -s tests/test_firmware.py -k waits_for_nothing
resume-test: firmware-images
	tests/setup.sh demo test
	rm -f build/firmware/resumed
	FIRMWARE_RESUMED=build/firmware/resumed $(PYTHON) -m pytest -q tests/test_sleep.py
	@echo 'The alerts of each test: how the connections began, instructions, octets that came'
	@cat build/firmware/resumed
firmware-images:
	tests/setup.sh build firmware
	tests/sources.sh bearssl lwip
	tests/servers/certs.sh build/servers/certs
	$(MAKE) -f tests/firmware/firmware.mk
firmware-update: firmware-images
	tests/firmware/sizes.py > build/firmware/sizes.md
	tests/firmware/sizes.py --ledger > build/firmware/ledger.md
	rm -f build/firmware/handshakes
	FIRMWARE_HANDSHAKES=build/firmware/handshakes $(PYTHON) -m pytest -q tests/test_firmware.py \
	    tests/test_sleep.py -k 'test_chain or test_long_message or test_resumed'
	tests/tools/handshakes.py < build/firmware/handshakes > build/firmware/handshakes.md
	sed -i -e '/<!-- sizes/,/<!-- end of sizes/ { /<!--/!d }' \
	    -e '/<!-- handshakes/,/<!-- end of handshakes/ { /<!--/!d }' \
	    -e '/<!-- sizes/r build/firmware/sizes.md' \
	    -e '/<!-- handshakes/r build/firmware/handshakes.md' tests/firmware/README.md
	sed -i -e '/<!-- ledger/,/<!-- end of ledger/ { /<!--/!d }' \
	    -e '/<!-- ledger/r build/firmware/ledger.md' docs/memory.md
	tests/tools/whole.py > build/firmware/whole.md
	sed -i -e '/<!-- whole/,/<!-- end of whole/ { /<!--/!d }' \
	    -e '/<!-- whole/r build/firmware/whole.md' README.md

.PHONY: flights
flights:
	tests/setup.sh build demo
	$(MAKE) all
	tests/flights.sh $(OUT)/stint docs/starttls.md

.PHONY: shown
shown:
	tests/setup.sh build shown
	$(MAKE) all
	tests/shown.sh $(OUT)/stint docs/shown.md

# Measures for some minutes; the limits are in tests/bench/limits.py.
.PHONY: bench
bench:
	tests/setup.sh bench build demo
	$(MAKE) -j"$$(nproc)" all static
	tests/servers/certs.sh build/servers/certs
	tests/bench/bench.py docs/performance.md

FORMATTED = $(shell git ls-files --cached --others --exclude-standard '*.c' '*.h')

.PHONY: format format-check
format:
	clang-format -i $(FORMATTED)
format-check:
	clang-format --dry-run --Werror $(FORMATTED)

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib \
	    $(DESTDIR)$(PREFIX)/include/stint $(DESTDIR)$(PREFIX)/share/man/man1
	install $(OUT)/stint $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(LIBS) $(DESTDIR)$(PREFIX)/lib
	install -m 644 include/stint/*.h $(DESTDIR)$(PREFIX)/include/stint
	install -m 644 port/posix/stint_posix.h $(DESTDIR)$(PREFIX)/include
	install -m 644 docs/stint.1 $(DESTDIR)$(PREFIX)/share/man/man1

.PHONY: clean
clean:
	rm -rf $(OUT)/build/obj $(LIBS) $(OUT)/stint $(OUT)/build/static build/firmware build/test
