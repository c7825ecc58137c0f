// POST /api/fiscal/create-receipt.php: takes a signed package of commands, answers after the
// durable commit.
//
// 202 created, 200 the same again (with its outcome, if there is one), 409 the same order with
// other content; every refusal has the shape of fcgi/error_reply.h. What is odd about an accepted
// receipt but no reason to refuse it stands in "warnings", in the shape of "errors"; without any,
// there is no such member. Of a cloud register it tells what the provider has to show:
// fcgi/cloud_window.h.
#pragma once

#include <string>
#include <string_view>

#include "fcgi/reception.h"

namespace fiscalgate {

class CreateReceipt final : public Reception {
 public:
  explicit CreateReceipt(Parts parts) : Reception(std::move(parts)) {}

 private:
  base::Language LanguageFor(const http::Request& request) const override {
    return LanguageOf(request);
  }
  http::Response Created(const task::Task& task, const ErrorEntries& warnings,
                         const http::Request& request) const override;
  void CreatedInCloud(ExchangePtr exchange, const task::Task& task,
                      const ErrorEntries& warnings) const override;
  void Same(ExchangePtr exchange, const task::Task& task,
            const ErrorEntries& warnings) const override;
  http::Response Refused(const Refusal& refusal, base::Language language) const override;

  // `view`: what is known of the task from the store, if it was asked.
  std::string AcceptedBody(const task::Task& task, bool duplicate, const store::TaskView* view,
                           const ErrorEntries& warnings) const;
  // Answers from the store, on the waiters' thread.
  void TellFromStore(ExchangePtr exchange, const task::Task& task, bool duplicate,
                     const ErrorEntries& warnings) const;
};

}  // namespace fiscalgate
