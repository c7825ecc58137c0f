# Fiscalgate. `make help` lists what it can do.
#
# One flat makefile: every .cpp under lib/ goes into the library, fcgi/ into the program, tests/unit into one test
# program. A new file needs no change here. BUILD=dir and SAN=address,undefined or SAN=thread give other builds.

BUILD    ?= build
SAN      ?=
PORT     ?= 8080
KKT_PORT ?= 44735
DESTDIR  ?=
PREFIX   ?= /usr

CXX      ?= g++
CCACHE   := $(shell command -v ccache 2>/dev/null)
OPT      ?= -O2
WERROR   ?=
WARN     := -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor $(if $(WERROR),-Werror)
HARDEN   := $(if $(SAN),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong) -fPIE
CXXFLAGS ?= $(OPT) -g
ALL_CXXFLAGS = -std=c++20 -I. $(WARN) $(HARDEN) -pthread $(CXXFLAGS) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
               -isystem /usr/include/jsoncpp -DSPDLOG_FMT_EXTERNAL -DSPDLOG_SHARED_LIB -DSPDLOG_COMPILED_LIB
ALL_LDFLAGS  = -pie -pthread -Wl,-z,relro,-z,now $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN))
LIBS     := -lfcgi -ljsoncpp -lcrypto++ -lcurl -lsqlite3 -lspdlog -lfmt -lsimdjson -lqrcodegencpp \
            -lprometheus-cpp-core -lsystemd

LIB_SRC  := $(sort $(shell find lib -name '*.cpp'))
FCGI_SRC := $(sort $(shell find fcgi -name '*.cpp' ! -name main.cpp))
UNIT_SRC := $(sort $(shell find tests/unit tests/store -name '*.cpp' 2>/dev/null))
objects   = $(patsubst %.cpp,$(BUILD)/obj/%.o,$(1))

.DEFAULT_GOAL := all
.PHONY: all
all: $(BUILD)/fiscalgate ## build the program

$(BUILD)/obj/%.o: %.cpp
	@mkdir -p $(@D)
	@echo "  CXX $<"
	@$(CCACHE) $(CXX) $(ALL_CXXFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libfiscalgate.a: $(call objects,$(LIB_SRC))
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/libfcgi_rooms.a: $(call objects,$(FCGI_SRC))
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/fiscalgate: $(call objects,fcgi/main.cpp) $(BUILD)/libfcgi_rooms.a $(BUILD)/libfiscalgate.a
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/unit: $(call objects,$(UNIT_SRC)) $(BUILD)/libfcgi_rooms.a $(BUILD)/libfiscalgate.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lboost_unit_test_framework

$(call objects,$(UNIT_SRC)): CXXFLAGS += -DBOOST_TEST_DYN_LINK

.PHONY: unit
unit: $(BUILD)/tests/unit ## build and run the unit tests only
	$(BUILD)/tests/unit --log_level=test_suite

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
