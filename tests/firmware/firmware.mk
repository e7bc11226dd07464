# SPDX-License-Identifier: MIT
# The firmware images, for an emulated board; see README.md. Run from the top:
#
#   make -f tests/firmware/firmware.mk
#       build/firmware/{tiny,standard,any-server,sleeper}.elf, and beside them tiny-m3.elf, tiny-m0plus.elf
#
# Beside each lies the linker's map, which sizes.py reads. BearSSL and lwIP are compiled from Debian's
# source packages, unchanged (tests/sources.sh).

FIRMWARE_OUT   ?= build/firmware
BEARSSL_SOURCE ?= build/sources/bearssl
LWIP_SOURCE    ?= build/sources/lwip
CERTS          ?= build/servers/certs

CPU_m4     := cortex-m4
CPU_m3     := cortex-m3
CPU_m0plus := cortex-m0plus

# The roots that an image trusts, of those that tests/servers/certs.sh makes: all that its profile can
# verify.
ROOTS_stint_tls_profile_small := rsa p256 rsa4096
ROOTS_profile_shortest        := rsa p256 rsa4096
ROOTS_profile_m15             := rsa p256 rsa4096
ROOTS_profile_standard        := rsa p256 rsa4096 p384
ROOTS_profile_every           := rsa p256 rsa4096 p384

# -fno-schedule-insns2, -fno-move-loop-invariants, -fno-caller-saves, and -fno-thread-jumps in THEIRS, make
# shorter code. The last one is for memory.c, of whose loops gcc would make calls of themselves.
COMPILE = @mkdir -p $(@D) && echo "  CC $@" && arm-none-eabi-gcc -mthumb -mcpu=$(CPU_$(CORE)) -Os -g \
    -ffunction-sections -fdata-sections -MD -MP -fno-schedule-insns2 -fno-move-loop-invariants \
    -fno-caller-saves -fno-tree-loop-distribute-patterns
OURS   := -std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
THEIRS := -Wall -fno-thread-jumps

.PHONY: all
all:

# ---- For each core: BearSSL ----

# Of BearSSL what the profiles can name: a linker that misses something will say so.
BEARSSL_PATTERNS := codec/ccopy codec/dec*be codec/enc*be ec/ec_all_m31 ec/ec_c25519_m31 ec/ec_p256_m* ec/ec_prime_* ec/ec_secp* \
    ec/ecdsa_atr ec/ecdsa_i*_bits ec/ecdsa_i*_vrfy* hash/ghash_ctmul hash/ghash_ctmul32 hash/multihash \
    hash/sha2* int/i15_* int/i31_* int/i32_div32 mac/hmac rand/hmac_drbg rand/sysrng \
    rsa/rsa_i15_pkcs1_vrfy rsa/rsa_i15_pub rsa/rsa_i31_pkcs1_vrfy rsa/rsa_i31_pub \
    rsa/rsa_pkcs1_sig_unpad ssl/prf ssl/prf_sha* ssl/ssl_client ssl/ssl_engine ssl/ssl_hs_client \
    ssl/ssl_rec_chapol ssl/ssl_rec_gcm symcipher/aes_ct symcipher/aes_ct_ctr symcipher/aes_ct_enc \
    symcipher/chacha20_ct symcipher/poly1305_ctmul x509/x509_minimal
BEARSSL_C := $(wildcard $(BEARSSL_PATTERNS:%=$(BEARSSL_SOURCE)/src/%.c))
ifeq ($(BEARSSL_C),)
$(error no BearSSL in $(BEARSSL_SOURCE): run tests/sources.sh bearssl lwip)
endif

# $(call core,CORE)
define core
$(FIRMWARE_OUT)/$(1)/%: CORE := $(1)
$(FIRMWARE_OUT)/$(1)/bearssl/%.o: $(BEARSSL_SOURCE)/src/%.c tests/firmware/firmware.mk
	$$(COMPILE) $$(THEIRS) -I$(BEARSSL_SOURCE)/inc -I$(BEARSSL_SOURCE)/src \
	    -DBR_ARMEL_CORTEXM_GCC=1 -DBR_USE_UNIX_TIME=0 -DBR_USE_URANDOM=0 -c -o $$@ $$<
$(FIRMWARE_OUT)/$(1)/libbearssl.a: $(BEARSSL_C:$(BEARSSL_SOURCE)/src/%.c=$(FIRMWARE_OUT)/$(1)/bearssl/%.o)
$(FIRMWARE_OUT)/$(1)/lib%.a:
	@rm -f $$@
	@arm-none-eabi-ar rcs $$@ $$^
-include $(BEARSSL_C:$(BEARSSL_SOURCE)/src/%.c=$(FIRMWARE_OUT)/$(1)/bearssl/%.d)
endef
$(eval $(call core,m4))
$(eval $(call core,m3))
$(eval $(call core,m0plus))

# ---- For this machine: the command, which writes the anchors ----

HOST := $(FIRMWARE_OUT)/host
.PHONY: command
command:
	@$(MAKE) -s --no-print-directory OUT=$(HOST) $(HOST)/stint
# The recipe does nothing, but has make look again whether the command is new.
$(HOST)/stint: command
	@:

# ---- For each image: Stint, lwIP, the port to it, and what is in this folder ----

LWIP_C := $(patsubst %,core/%.c,def dns inet_chksum init ip mem memp netif pbuf stats tcp tcp_in tcp_out \
    timeouts udp) $(patsubst %,core/ipv4/%.c,dhcp etharp ip4 ip4_addr) \
    $(patsubst %,core/ipv6/%.c,ethip6 icmp6 ip6 ip6_addr mld6 nd6) netif/ethernet.c
FIRMWARE_C := $(wildcard port/lwip/*.c tests/firmware/*.c)
STINT_C    := $(wildcard src/*.c src/*/*.c)

# What an alert can do without (stint/config.h).
LEAST = -DSTINT_CHUNKING=0 -DSTINT_MAILS=0 -DSTINT_LIMITS=0 -DSTINT_PIPELINING=0 -DSTINT_ENHANCED=0 \
    -DSTINT_SYNTAX=0 -DSTINT_ADDRESSES=0 $(PLAIN)

# A password goes by PLAIN or LOGIN in all of them, and a mail is ASCII and asks for nothing: there is no room
# for more.
PLAIN = -DSTINT_SCRAM=0 -DSTINT_OAUTH=0 -DSTINT_EXTERNAL=0 -DSTINT_PARAMETERS=0 \
    -DSTINT_SMTPUTF8=0 -DSTINT_LMTP=0

# $(call image,NAME,CORE,BUDGET,SCRIPT,PROFILE,SETTINGS)
define image
objects_$(1) := $(LWIP_C:%.c=$(FIRMWARE_OUT)/$(1)/lwip/%.o) $(FIRMWARE_C:%.c=$(FIRMWARE_OUT)/$(1)/%.o) \
    $(FIRMWARE_OUT)/$(1)/anchors.o
$(FIRMWARE_OUT)/$(1)/%: CORE := $(2)
$(FIRMWARE_OUT)/$(1)/%: SETTINGS := -Itests/firmware -Itests/firmware/$(3) \
    -isystem $(LWIP_SOURCE)/src/include
$(FIRMWARE_OUT)/$(1)/lwip/%.o: $(LWIP_SOURCE)/src/%.c tests/firmware/firmware.mk
	$$(COMPILE) $$(THEIRS) $$(SETTINGS) -c -o $$@ $$<
$(FIRMWARE_OUT)/$(1)/%.o: %.c tests/firmware/firmware.mk
	$$(COMPILE) $$(OURS) $$(SETTINGS) -Iinclude -Iport/lwip -isystem $(BEARSSL_SOURCE)/inc \
	    -DSTINT_TRACE=0 $(6) -DFIRMWARE_PROFILE=$(5) -c -o $$@ $$<
$(FIRMWARE_OUT)/$(1)/src/%.o: src/%.c tests/firmware/firmware.mk
	$$(COMPILE) $$(OURS) -DSTINT_TRACE=0 $(6) -Iinclude -Isrc -isystem $(BEARSSL_SOURCE)/inc -c -o $$@ $$<
$(FIRMWARE_OUT)/$(1)/libstint.a: $(STINT_C:%.c=$(FIRMWARE_OUT)/$(1)/%.o)
	@rm -f $$@
	@arm-none-eabi-ar rcs $$@ $$^
$(FIRMWARE_OUT)/$(1)/anchors.o: $(FIRMWARE_OUT)/$(1)/anchors.c
	$$(COMPILE) $$(OURS) -isystem $(BEARSSL_SOURCE)/inc -c -o $$@ $$<
$(FIRMWARE_OUT)/$(1)/anchors.c: $(HOST)/stint $(ROOTS_$(5):%=$(CERTS)/root-%.pem)
	@mkdir -p $$(@D)
	@$(HOST)/stint anchors -q --name firmware_anchors $(ROOTS_$(5):%=$(CERTS)/root-%.pem) > $$@.new
	@mv $$@.new $$@

all: $(FIRMWARE_OUT)/$(1).elf
$(FIRMWARE_OUT)/$(1).elf: $$(objects_$(1)) $(FIRMWARE_OUT)/$(1)/libstint.a \
    $(FIRMWARE_OUT)/$(2)/libbearssl.a $(wildcard tests/firmware/*.ld tests/firmware/$(3)/*.ld)
	@echo "  LD $$@"
	@arm-none-eabi-gcc -mthumb -mcpu=$(CPU_$(2)) -nostdlib -Wl,--gc-sections -Wl,--fatal-warnings \
	    -Wl,-Map=$$(@:.elf=.map) -Ltests/firmware -T tests/firmware/$(4) -o $$@ \
	    $$(filter %.o %.a,$$^) -lgcc
-include $(LWIP_C:%.c=$(FIRMWARE_OUT)/$(1)/lwip/%.d) $(FIRMWARE_C:%.c=$(FIRMWARE_OUT)/$(1)/%.d) \
    $(STINT_C:%.c=$(FIRMWARE_OUT)/$(1)/%.d)
endef

# An image of a budget, on a core, with a profile of algorithms.
$(eval $(call image,tiny,m4,tiny,tiny/tiny.ld,stint_tls_profile_small,$(LEAST)))
$(eval $(call image,standard,m4,standard,standard/standard.ld,profile_standard,$(PLAIN)))
$(eval $(call image,any-server,m4,any-server,any-server/any-server.ld,profile_every,$(PLAIN)))
$(eval $(call image,sleeper,m4,tiny,standard/standard.ld,stint_tls_profile_small,$(LEAST) -DFIRMWARE_SLEEPS=1))
$(eval $(call image,alert,m4,alert,alert/alert.ld,profile_shortest,$(LEAST) -DFIRMWARE_COMPOSED=1))
$(eval $(call image,report,m4,standard,standard/standard.ld,profile_standard,$(LEAST) -DFIRMWARE_COMPOSED=2))
$(eval $(call image,tiny-m3,m3,tiny,beside.ld,profile_m15,$(LEAST)))
$(eval $(call image,tiny-m0plus,m0plus,tiny,beside.ld,profile_m15,$(LEAST)))
