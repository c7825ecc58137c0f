#include "tests/unit/support/slow_names.h"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string_view>

namespace {

struct State {
  std::mutex mutex;
  std::condition_variable changed;
  bool hangs = false;
  int hanging = 0;
};

// Never destroyed: a look-up may outlive main.
State& Shared() {
  static State& state = *new State;
  return state;
}

void HangWhileAsked() {
  State& state = Shared();
  std::unique_lock lock(state.mutex);
  ++state.hanging;
  state.changed.wait(lock, [&] { return !state.hangs; });
  --state.hanging;
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  if (node != nullptr && std::string_view(node).ends_with(".hangs.test")) {
    HangWhileAsked();
    return EAI_NONAME;
  }
  return real(node, service, hints, result);
}

namespace fiscalgate::testing {

SlowNames::SlowNames() {
  std::lock_guard lock(Shared().mutex);
  Shared().hangs = true;
}

SlowNames::~SlowNames() {
  std::lock_guard lock(Shared().mutex);
  Shared().hangs = false;
  Shared().changed.notify_all();
}

int SlowNames::hanging() {
  std::lock_guard lock(Shared().mutex);
  return Shared().hanging;
}

}  // namespace fiscalgate::testing
