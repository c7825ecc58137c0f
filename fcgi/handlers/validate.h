// POST /api/fiscal/validate: checks a package as create-receipt would, and stores nothing.
//
// Either the signed form of create-receipt, or JSON: {"commands":[...]}, the bare list, or one
// receipt, with the headers
//   Authorization: Bearer <integrity code>    BIT-Account-ID: <account>    BIT-KKT-Token: <token>
// What the register's provider cannot be told is a fault here too. Without a token the shop's only
// register is meant, or, if it has several, one that takes all. 200 with the report of
// fcgi/check_report.h; every refusal has the shape of create-receipt's, and a 422 its warnings
// besides. Limited in rate as posts are, but counted apart from them: a check never costs a receipt
// its turn.
#pragma once

#include "fcgi/cloud_window.h"
#include "fcgi/door.h"
#include "fcgi/exchange.h"
#include "lib/base/json.h"

namespace fiscalgate {

class Validate final : public Handler {
 public:
  Validate(const base::Clock& clock, DirectoryCache& directory, Intake& intake,
           base::JsonReader json_reader = base::JsonReader::kSimdjson, CloudWindowPtr cloud = {})
      : clock_(clock),
        rate_limiter_(clock),
        door_({clock, directory, rate_limiter_, intake}),
        json_reader_(json_reader),
        cloud_(std::move(cloud)) {}

  // Any request thread.
  void Handle(ExchangePtr exchange) override;

 private:
  http::Response Answer(const http::Request& request, Visit* visit) const;
  MaybeRefusal Admit(const http::Request& request, Visit* visit) const;
  MaybeRefusal AdmitJson(const http::Request& request, Visit* visit) const;

  const base::Clock& clock_;
  RateLimiter rate_limiter_;
  const Door door_;
  const base::JsonReader json_reader_;
  const CloudWindowPtr cloud_;
};

}  // namespace fiscalgate
