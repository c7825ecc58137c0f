// What every call of an agent must show before it is heard: a key, the instance the key is bound
// to, a version we speak. Any thread; binding a key to its first instance waits for its commit,
// once in the life of a key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcgi/directory_cache.h"
#include "fcgi/rate_limiter.h"
#include "lib/agents/roster.h"
#include "lib/base/clock.h"
#include "lib/base/language.h"
#include "lib/http/message.h"
#include "lib/store/store.h"

namespace fiscalgate {

// Who has come.
struct AgentVisit {
  task::DirectoryPtr directory;  // keeps `register_` alive
  const task::Register* register_ = nullptr;
  std::string instance;
  std::string key_print;  // tells keys apart without being one
  base::Language language = base::Language::kRussian;
};

class AgentDoor {
 public:
  struct Parts {
    store::Store& store;
    const base::Clock& clock;
    DirectoryCache& directory;
    agents::Roster& roster;
  };
  explicit AgentDoor(Parts parts) : parts_(parts), wrong_keys_(parts.clock) {}

  // Fills the visit; or gives the refusal. Notes version, clock and driver in the roster.
  std::optional<http::Response> Admit(const http::Request& request, AgentVisit* visit);
  // Whether the register may be given work by its agent. An answer is heard in any case.
  static std::optional<http::Response> MayWork(const AgentVisit& visit);

  static std::string PrintOf(const base::Secret& key);

  // "[0-9a-f]", at most 64; "" if the header has another form or is missing.
  static std::string LeaseOf(const http::Request& request);
  static http::Response Malformed(base::Language language, std::string_view header);

 private:
  std::optional<http::Response> AdmitKey(const http::Request& request, AgentVisit* visit);
  std::optional<http::Response> AdmitInstance(AgentVisit* visit);
  void Note(const http::Request& request, const AgentVisit& visit, std::string_view version);

  const Parts parts_;
  RateLimiter wrong_keys_;
};

}  // namespace fiscalgate
