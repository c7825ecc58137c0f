// POST /api/fiscal/create-receipt.php: takes a signed package of commands, answers after the
// durable commit.
//
// 202 created, 200 the same again (with its outcome, if there is one), 409 the same order with
// other content; every refusal has the shape of fcgi/error_reply.h and leaves nothing behind but a
// count and a log line without secrets. What is odd about an accepted receipt but no reason to
// refuse it stands in "warnings", in the shape of "errors"; without any, there is no such member.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fcgi/directory_cache.h"
#include "fcgi/disk_guard.h"
#include "fcgi/door.h"
#include "fcgi/error_reply.h"
#include "fcgi/exchange.h"
#include "fcgi/intake.h"
#include "fcgi/links.h"
#include "fcgi/rate_limiter.h"
#include "fcgi/waiters.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/metrics/metrics.h"
#include "lib/store/store.h"

namespace fiscalgate {

class CreateReceipt final : public Handler {
 public:
  struct Parts {
    store::Store& store;
    const base::Clock& clock;
    DirectoryCache& directory;
    RateLimiter& rate_limiter;
    const DiskGuard& disk;
    Waiters& waiters;
    Intake& intake;
    metrics::Metrics& metrics;
    const Links& links;
    // A task was accepted into this lane; called on the writer thread.
    std::function<void(task::RegisterKey)> notify;
    base::JsonReader json_reader = base::JsonReader::kSimdjson;
  };
  explicit CreateReceipt(Parts parts)
      : parts_(std::move(parts)),
        door_({parts_.clock, parts_.directory, parts_.rate_limiter, parts_.intake}) {}

  // Any request thread.
  void Handle(ExchangePtr exchange) override;

 private:
  // What is known of a request, step by step.
  struct Post;
  // A request whose task is being written.
  struct Pending;

  MaybeRefusal Read(const http::Request& request, Post* post) const;
  MaybeRefusal ReadTask(Post* post) const;
  std::string AllowedProgUrl(const Post& post) const;
  std::string AcceptedBody(const task::Task& task, bool duplicate, std::string_view outcome,
                           const ErrorEntries& warnings) const;

  void Observe(const Post& post) const;
  void Refuse(ExchangePtr exchange, const Post& post, const Refusal& refusal);
  void Submit(ExchangePtr exchange, Post post);
  void Finish(Pending& pending, base::Result<store::Accepted> result);
  void AnswerSame(ExchangePtr exchange, const task::Task& task, const ErrorEntries& warnings);

  const Parts parts_;
  const Door door_;
};

}  // namespace fiscalgate
