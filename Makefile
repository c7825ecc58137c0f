# Fiscalgate. `make help` lists what it can do.
#
# One flat makefile: every .cpp under lib/ goes into the library, fcgi/ into the program, tests/unit into one test
# program. A new file needs no change here. BUILD=dir and SAN=address,undefined or SAN=thread give other builds.

BUILD    ?= build
SAN      ?=
JOBS     ?= $(shell nproc)
DESTDIR  ?=
PREFIX   ?= /usr
# Ports of `make run` and `make demo`.
PORT      ?= 8080
KKT_PORT  ?= 44735
SHOP_PORT ?= 8090
# How `make run` and `make demo` reach the emulated register: push, or agent (a program beside it).
VIA       ?= push
# Who fiscalises there: bit (a register with a driver), or a cloud: bifit, bepaid, freepayment, orangedata.
PROVIDER  ?= bit
# DEPS=: leaves the packages alone.
DEPS     ?= conf/deps.sh

CXX      ?= g++
CCACHE   := $(shell command -v ccache 2>/dev/null)
OPT      ?= -O2
WERROR   ?=
WARN     := -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor $(if $(WERROR),-Werror)
HARDEN   := $(if $(SAN),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong) -fPIE
# Line numbers in a backtrace are worth their time; full -g takes half as long again to compile.
DEBUG    ?= -g1
CXXFLAGS ?= $(OPT) $(DEBUG)
ALL_CXXFLAGS = -std=c++20 -I. $(WARN) $(HARDEN) -pthread $(CXXFLAGS) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
               -isystem /usr/include/jsoncpp -isystem /usr/include/postgresql -DSPDLOG_FMT_EXTERNAL -DSPDLOG_SHARED_LIB -DSPDLOG_COMPILED_LIB
ALL_LDFLAGS  = -pie -pthread -Wl,-z,relro,-z,now $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN))
LIBS     := -lfcgi -ljsoncpp -lcrypto++ -lcurl -lsqlite3 -lpq -lspdlog -lfmt -lsimdjson -lqrcodegencpp \
            -lprometheus-cpp-core -lsystemd -lz

LIB_SRC  := $(sort $(shell find lib -name '*.cpp'))
FCGI_SRC := $(sort $(shell find fcgi -path fcgi/agent -prune -o -name '*.cpp' ! -name main.cpp -print))
AGENT_SRC := $(sort $(shell find fcgi/agent -name '*.cpp' ! -name main.cpp ! -name 'platform_*.cpp')) \
             fcgi/agent/platform_files.cpp fcgi/agent/platform_sockets.cpp
AGENT_LINUX_SRC   := $(AGENT_SRC) $(sort $(wildcard fcgi/agent/platform_linux*.cpp))
AGENT_WINDOWS_SRC := $(AGENT_SRC) $(sort $(wildcard fcgi/agent/platform_windows*.cpp)) fcgi/agent/main.cpp
UNIT_SRC := $(sort $(shell find tests/unit tests/store -name '*.cpp' 2>/dev/null))
objects   = $(patsubst %.cpp,$(BUILD)/obj/%.o,$(1))

.DEFAULT_GOAL := all
.PHONY: all
all: $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent ## build the programs

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: PORT=$(PORT) KKT_PORT=$(KKT_PORT) SHOP_PORT=$(SHOP_PORT) PROVIDER=$(PROVIDER) VIA=$(VIA) BUILD=$(BUILD) SAN= JOBS=$(JOBS) DESTDIR= PREFIX=$(PREFIX)"

# Goals that build with all processors, whatever -j was given to this make.
PARALLEL = +@$(MAKE) --no-print-directory -j$(JOBS)

.PHONY: deps
deps: ## install what is missing to run and test (Debian packages)
	@$(DEPS) run test

.PHONY: run
run: ## start everything, fiscalise one sample receipt, stay until Ctrl-C
	@$(DEPS) run
	$(PARALLEL) $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent
	@exec python3 conf/demo/demo.py --with-parent --provider $(PROVIDER) --via $(VIA) --build $(BUILD) --port $(PORT) --kkt-port $(KKT_PORT) --shop-port $(SHOP_PORT)

.PHONY: demo
demo: ## the same, once, for scripts: exit 0 only if the receipt was fiscalised and the shop told
	@$(DEPS) run
	$(PARALLEL) $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent
	@exec python3 conf/demo/demo.py --with-parent --provider $(PROVIDER) --via $(VIA) --build $(BUILD) --port $(PORT) --kkt-port $(KKT_PORT) --shop-port $(SHOP_PORT) --once

# What tests take from npm, of the versions in the lock files: Chromium's remote control and the type checker, public
# clients of providers, PHP of other versions than Debian's.
NODE_ROOT := build/browser
.PHONY: node-modules
node-modules: build/browser/node_modules/.package-lock.json build/clients/node_modules/.package-lock.json \
              build/php/node_modules/.package-lock.json
build/%/node_modules/.package-lock.json: tests/%/package.json tests/%/package-lock.json
	@mkdir -p build/$*
	@cp $^ build/$*
	@cd build/$* && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test
test: ## all unit, component and end-to-end tests; ends in one line "N passed, N failed"
	@$(DEPS) run test
	$(PARALLEL) node-modules $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent $(BUILD)/fiscalgate-agent.exe \
	  $(BUILD)/tests/unit $(BUILD)/tests/fiscalgate-next $(BUILD)/tests/disk_shim.so
	@exec python3 tests/run.py --build $(BUILD)

.PHONY: cluster-demo
cluster-demo: ## three databases, three gateways, posts, and every way to break them once; then a count of all orders
	@$(DEPS) run test
	$(PARALLEL) $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent
	@exec python3 tests/cluster/cluster.py --build $(BUILD) --demo

# Rounds of `make cluster-test`, and SEED=N to repeat one that was printed.
RUNS ?= 30
SEED ?=
.PHONY: cluster-test
cluster-test: ## the same RUNS=30 times at random moments; SEED=N repeats a run
	@$(DEPS) run test
	$(PARALLEL) $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent
	@exec python3 tests/cluster/cluster.py --build $(BUILD) --rounds $(RUNS) $(if $(SEED),--seed $(SEED))

.PHONY: check
check: ## format, lint, -Werror, ASan+UBSan, TSan, fuzzing for a short while
	@$(DEPS) run test check
	@clang-format --dry-run -Werror $(FORMATTED)
	@python3 tests/lint/lint.py
	$(PARALLEL) node-modules
	@$(NODE_ROOT)/node_modules/.bin/tsc -p tests/browser/tsconfig.json
	$(PARALLEL) BUILD=$(BUILD)/werror WERROR=1 $(BUILD)/werror/fiscalgate $(BUILD)/werror/fiscalgate-agent \
	  $(BUILD)/werror/fiscalgate-agent.exe $(BUILD)/werror/tests/unit
	$(PARALLEL) BUILD=$(BUILD)/asan SAN=address,undefined OPT=-O1 $(BUILD)/asan/fiscalgate $(BUILD)/asan/fiscalgate-agent \
	  $(BUILD)/asan/fiscalgate-agent.exe $(BUILD)/asan/tests/unit $(BUILD)/asan/tests/fiscalgate-next
	@python3 tests/run.py --build $(BUILD)/asan --short
	@python3 tests/crash/matrix.py --build $(BUILD)/werror --runs 500 --jobs 6
	$(PARALLEL) BUILD=$(BUILD)/tsan SAN=thread OPT=-O1 $(BUILD)/tsan/tests/unit
	@python3 tests/run.py --build $(BUILD)/tsan --only unit
	$(if $(wildcard tests/fuzz/fuzz.mk),$(PARALLEL) fuzz-brief)
	@echo "check: all clean"

FORMATTED = $(shell find lib fcgi tests -name '*.cpp' -o -name '*.h' -o -name '*.c')

.PHONY: format
format: ## clang-format everything in place
	clang-format -i $(FORMATTED)

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BUILD)

$(BUILD)/obj/%.o: %.cpp
	@mkdir -p $(@D)
	@echo "  CXX $<"
	@$(CCACHE) $(CXX) $(ALL_CXXFLAGS) -MMD -MP -c $< -o $@

# Built into the program by the assembler, which a compiler cache does not see.
ASSETS := $(wildcard fcgi/web/static/*) cms-plugins/js/bit-driver.js
$(BUILD)/obj/fcgi/web/assets.o: $(ASSETS)
$(BUILD)/obj/fcgi/web/assets.o: CCACHE :=

$(BUILD)/libfiscalgate.a: $(call objects,$(LIB_SRC))
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/libfcgi_rooms.a: $(call objects,$(FCGI_SRC))
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/fiscalgate: $(call objects,fcgi/main.cpp) $(BUILD)/libfcgi_rooms.a $(BUILD)/libfiscalgate.a
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libagent.a: $(call objects,$(AGENT_LINUX_SRC))
	@rm -f $@
	@ar rcs $@ $^

# It has nothing of lib/ in it, and of the libraries only libcurl.
$(BUILD)/fiscalgate-agent: $(call objects,fcgi/agent/main.cpp) $(BUILD)/libagent.a
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ -lcurl

.PHONY: agent
agent: $(BUILD)/fiscalgate-agent ## the agent for this machine

.PHONY: plugins
plugins: ## the zips of the plugins for shop platforms, into build/plugins
	@python3 cms-plugins/build.py

MINGW    ?= x86_64-w64-mingw32-g++-posix
windows_objects = $(patsubst %.cpp,$(BUILD)/windows/%.o,$(1))

$(BUILD)/windows/%.o: %.cpp
	@mkdir -p $(@D)
	@echo "  CXX $< (Windows)"
	@$(CCACHE) $(MINGW) -std=c++20 -I. $(WARN) -fstack-protector-strong -D_WIN32_WINNT=0x0602 -DUNICODE -O2 -ffunction-sections -fdata-sections \
	  -MMD -MP -c $< -o $@

$(BUILD)/fiscalgate-agent.exe: $(call windows_objects,$(AGENT_WINDOWS_SRC))
	@echo "  LINK $@"
	@$(MINGW) -static -s -fstack-protector-strong -Wl,--gc-sections,--dynamicbase,--nxcompat,--high-entropy-va -o $@ $^ \
	  -lwinhttp -lws2_32 -lcrypt32 -ladvapi32 -lbcrypt -lshell32

.PHONY: agent-windows
agent-windows: ## the agent for Windows, one .exe (cross-built)
	@$(DEPS) agent
	$(PARALLEL) $(BUILD)/fiscalgate-agent.exe

$(BUILD)/tests/unit: $(call objects,$(UNIT_SRC)) $(BUILD)/libfcgi_rooms.a $(BUILD)/libagent.a $(BUILD)/libfiscalgate.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lboost_unit_test_framework

# The same program, but for one more step of the tables: the version to come, for tests of upgrades.
$(BUILD)/obj/next/migrations.o: lib/store/migrations.cpp
	@mkdir -p $(@D)
	@echo "  CXX $< (next)"
	@$(CCACHE) $(CXX) $(ALL_CXXFLAGS) -DFISCALGATE_NEXT_STEP -MMD -MP -c $< -o $@

$(BUILD)/tests/fiscalgate-next: $(call objects,fcgi/main.cpp) $(BUILD)/obj/next/migrations.o $(BUILD)/libfcgi_rooms.a $(BUILD)/libfiscalgate.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Tests run for seconds and compile for minutes: they are not optimised, what they test is.
$(call objects,$(UNIT_SRC)): CXXFLAGS += -DBOOST_TEST_DYN_LINK -O0
$(call objects,$(UNIT_SRC)): HARDEN := -fPIE

.PHONY: unit
unit: $(BUILD)/tests/unit ## build and run the unit tests only
	$(BUILD)/tests/unit --log_level=test_suite

INSTALL  := install
doc      := $(DESTDIR)$(PREFIX)/share/doc/fiscalgate
.PHONY: install
install: $(BUILD)/fiscalgate $(BUILD)/fiscalgate-agent ## into DESTDIR: programs, units, nginx site, example configuration
	$(INSTALL) -D -m 755 $(BUILD)/fiscalgate $(DESTDIR)$(PREFIX)/bin/fiscalgate
	$(INSTALL) -D -m 755 $(BUILD)/fiscalgate-agent $(DESTDIR)$(PREFIX)/bin/fiscalgate-agent
	$(INSTALL) -d $(DESTDIR)/etc/fiscalgate $(DESTDIR)/etc/nginx/sites-available $(DESTDIR)/etc/nginx/snippets
	test -e $(DESTDIR)/etc/fiscalgate/fiscalgate.toml || \
	  $(INSTALL) -m 644 conf/fiscalgate.toml $(DESTDIR)/etc/fiscalgate/fiscalgate.toml
	$(INSTALL) -m 644 conf/nginx/fiscalgate.conf $(DESTDIR)/etc/nginx/sites-available/fiscalgate
	$(INSTALL) -m 644 conf/nginx/snippets/fiscalgate-gateway.conf conf/nginx/snippets/fiscalgate-fastcgi.conf \
	  $(DESTDIR)/etc/nginx/snippets
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system conf/systemd/fiscalgate.service conf/systemd/fiscalgate.socket
	$(INSTALL) -D -m 644 conf/systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/fiscalgate.conf
	$(INSTALL) -D -m 644 -t $(doc) README.md LICENSE conf/fiscalgate.toml

-include tests/bench/bench.mk tests/fuzz/fuzz.mk
-include $(shell find $(BUILD)/obj $(BUILD)/windows -name '*.d' 2>/dev/null)
