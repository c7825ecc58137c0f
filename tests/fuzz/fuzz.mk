# Fuzz targets, one file each, with AddressSanitizer and UndefinedBehaviorSanitizer. Needs clang and
# its runtime. `make fuzz-brief` is part of `make check`; `make fuzz-json FUZZ_SECONDS=600` digs in one place.
FUZZ_CXX     ?= clang++
FUZZ_SECONDS ?= 10
FUZZ_SAN     := address,undefined
FUZZ_TARGETS := $(sort $(patsubst tests/fuzz/%_fuzz.cpp,%,$(wildcard tests/fuzz/*_fuzz.cpp)))
FUZZ_SRC     := $(filter lib/base/% lib/ffd/% lib/task/% lib/protocol/% lib/http/url.cpp lib/http/message.cpp,$(LIB_SRC))
FUZZ_OBJ     := $(patsubst %.cpp,$(BUILD)/fuzz/obj/%.o,$(FUZZ_SRC))
FUZZ_FLAGS    = -std=c++20 -I. $(WARN) -pthread -O1 -g -fno-omit-frame-pointer -fsanitize=$(FUZZ_SAN) \
                -fno-sanitize-recover=all -isystem /usr/include/jsoncpp \
                -DSPDLOG_FMT_EXTERNAL -DSPDLOG_SHARED_LIB -DSPDLOG_COMPILED_LIB
FUZZ_RUN      = mkdir -p $(BUILD)/fuzz/corpus/$(1) && cd $(BUILD)/fuzz && ./$(1) corpus/$(1) $(CURDIR)/tests/fuzz/corpus/$(1) \
                -dict=$(CURDIR)/tests/fuzz/fuzz.dict -max_len=8192 -timeout=5 -rss_limit_mb=2048 \
                -seed=1 -artifact_prefix=$(1)-

$(BUILD)/fuzz/obj/%.o: %.cpp
	@mkdir -p $(@D)
	@echo "  FUZZ CXX $<"
	@$(CCACHE) $(FUZZ_CXX) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@

$(BUILD)/fuzz/libfiscalgate.a: $(FUZZ_OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(addprefix $(BUILD)/fuzz/,$(FUZZ_TARGETS)): $(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/tests/fuzz/%_fuzz.o $(BUILD)/fuzz/libfiscalgate.a
	@echo "  FUZZ LINK $@"
	@$(FUZZ_CXX) -fsanitize=fuzzer,$(FUZZ_SAN) -pthread -o $@ $^ $(LIBS)

.PHONY: fuzz fuzz-brief
fuzz: $(addprefix $(BUILD)/fuzz/,$(FUZZ_TARGETS)) ## build the fuzz targets

fuzz-brief: fuzz ## run each fuzz target for FUZZ_SECONDS (10)
	@set -e; $(foreach t,$(FUZZ_TARGETS),echo "  FUZZ $(t)"; \
	  ($(call FUZZ_RUN,$(t)) -max_total_time=$(FUZZ_SECONDS)) > $(BUILD)/fuzz/$(t).log 2>&1 || { tail -n 60 $(BUILD)/fuzz/$(t).log; exit 1; };)

$(addprefix fuzz-,$(FUZZ_TARGETS)): fuzz-%: $(BUILD)/fuzz/%
	@$(call FUZZ_RUN,$*) -max_total_time=$(FUZZ_SECONDS)

-include $(shell find $(BUILD)/fuzz/obj -name '*.d' 2>/dev/null)
