// POST /api/bitrix24/print: the PRINT_URL of a cash register in Bitrix24
// (lib/protocol/bitrix24/README.md). Its check becomes a task under the portal's own number of it:
// the same check again is the same task.
//
// Always 200: {"UUID"} once the task is stored, else {"ERRORS"}. A portal takes any other status
// for "sent" and never asks again. Who posts is known by what its owner entered in the portal:
// account, token and integrity code.
#pragma once

#include <string>

#include "fcgi/reception.h"

namespace fiscalgate {

class Bitrix24Print final : public Reception {
 public:
  explicit Bitrix24Print(Parts parts) : Reception(std::move(parts)) {}

 private:
  MaybeRefusal Admit(const http::Request& request, Visit* visit) const override;
  bool TrustsProgUrl(const Visit&) const override { return false; }
  base::Language LanguageFor(const http::Request& request) const override {
    return LanguageOf(request);
  }
  http::Response Created(const task::Task& task, const ErrorEntries& warnings,
                         const http::Request& request) const override;
  void Same(ExchangePtr exchange, const task::Task& task,
            const ErrorEntries& warnings) const override;
  http::Response Refused(const Refusal& refusal, base::Language language) const override;
};

}  // namespace fiscalgate
