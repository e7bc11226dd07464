# SPDX-License-Identifier: MIT
# The permutation runner, for tests/tests.mk: $(TEST_OUT)/gcc/permute and $(TEST_OUT)/asan/permute.
# What it shares with the unit tests is in their archive.

PERMUTE_SRC := $(wildcard tests/permute/*.c)

# $(call permute,NAME)
define permute
permute_objects_$(1) := $$(PERMUTE_SRC:%.c=$$(TEST_OUT)/$(1)/%.o)

$(1): $$(TEST_OUT)/$(1)/permute

$$(permute_objects_$(1)): $$(TEST_OUT)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC $$< ($(1))"
	@$$(CC_$(1)) $$(INCLUDES) $$(BEARSSL_CFLAGS) $$(STANDARD) $$(CFLAGS_$(1)) -c -o $$@ $$<

$$(TEST_OUT)/$(1)/permute: $$(permute_objects_$(1)) $$(TEST_OUT)/$(1)/shared.a $$(libs_$(1))
	@echo "  LD $$@"
	@$$(CC_$(1)) $$(CFLAGS_$(1)) $$(LDFLAGS_$(1)) -o $$@ $$^ $$(BEARSSL_LIBS) -lcmocka -lpthread

-include $$(permute_objects_$(1):.o=.d)
endef

$(eval $(call permute,gcc))
$(eval $(call permute,asan))
