# `make bench`: the figures of the README, side by side, as one table. BENCH=--quick for a short run.

BENCH ?=
BENCH_TOOLS := $(BUILD)/tests/bench/load $(BUILD)/tests/bench/check $(BUILD)/tests/bench/claims \
               $(BUILD)/tests/bench/noop_responder $(BUILD)/tests/disk_shim.so

$(BUILD)/tests/bench/load: $(call objects,tests/bench/load.cpp) $(BUILD)/libfiscalgate.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/check: $(call objects,tests/bench/check.cpp) $(BUILD)/libfiscalgate.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/claims: $(call objects,tests/bench/claims.cpp) $(BUILD)/libfiscalgate.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/noop_responder: $(call objects,tests/bench/noop_responder.cpp)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ -lfcgi

# A disk that is slow or fails; the tests of faults use it too.
$(BUILD)/tests/disk_shim.so: tests/fault/disk_shim.c
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -Wshadow -fPIC -shared -o $@ $< -ldl

.PHONY: bench
bench: ## the figures of the README, measured here, as a table
	@$(DEPS) run bench
	$(PARALLEL) $(BUILD)/fiscalgate $(BENCH_TOOLS)
	@exec python3 tests/bench/bench.py --build $(BUILD) $(BENCH)
