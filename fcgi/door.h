// Who is at the door: finds the shop behind a signed form or a key, and the register it asks for.
// Every refusal is an answer ready to be given. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/directory_cache.h"
#include "fcgi/error_reply.h"
#include "fcgi/intake.h"
#include "fcgi/rate_limiter.h"
#include "lib/base/clock.h"
#include "lib/protocol/bit/front.h"
#include "lib/task/directory.h"

namespace fiscalgate {

// Why a request is turned away.
struct Refusal {
  base::Code code;
  ErrorEntries entries = {};
  int retry_after_s = 1;
};
using MaybeRefusal = std::optional<Refusal>;
// Of a form or a package that cannot be read; `path` where the error names no field of its own.
Refusal RefusalOf(const base::Error& error, std::string path, base::Language language);

// What stands after "Bearer" in Authorization; empty if there is none.
std::string_view BearerOf(const http::Request& request);

// What is known of a request, step by step.
struct Visit {
  base::Language language = base::Language::kRussian;
  protocol::bit::PostedForm form;
  task::DirectoryPtr directory;  // keeps the next two alive
  const task::Shop* shop = nullptr;
  const task::Register* register_ = nullptr;
  // Whose token was posted, where the shop's posts for it go elsewhere; else null.
  const task::Register* named = nullptr;
  // Where the token is that of a group: `register_` is one of `members`, those that may be chosen.
  const task::Group* group = nullptr;
  std::vector<task::RegisterKey> members;
};

class Door {
 public:
  struct Parts {
    const base::Clock& clock;
    DirectoryCache& directory;
    RateLimiter& rate_limiter;
    Intake& intake;
  };
  explicit Door(Parts parts) : parts_(parts) {}

  // Puts where this shop's posts for `visit->register_` go in its place; a route is followed once.
  // False: there is no such register, or the shop may not use it.
  static bool FollowRoute(Visit* visit);

  // Fills `visit->form` from a posted body.
  static MaybeRefusal ReadForm(std::string_view body, Visit* visit);
  // The shop by the signature of the form.
  MaybeRefusal AdmitSigned(Visit* visit) const;
  // The shop by its account id and its integrity code. An unknown shop and a wrong code are refused
  // alike.
  MaybeRefusal AdmitWithKey(std::string_view account_id, std::string_view code, Visit* visit) const;
  // The register, or the group, named by the form; its bank terminal too, if one is named.
  MaybeRefusal ChooseRegister(Visit* visit) const;

 private:
  template <typename Fits>
  MaybeRefusal Admit(std::string_view account_id, const Fits& fits, Visit* visit) const;
  MaybeRefusal Greet(const Visit& visit) const;

  const Parts parts_;
};

}  // namespace fiscalgate
