// How a posted, signed package of commands becomes a task: what the doors that take one have in
// common (create-receipt for programs, create-receipt-dlg for browsers). They differ only in how
// they answer.
//
// Handle runs on any request thread and parks the exchange until the commit. A refusal leaves
// nothing behind but a count and a log line without secrets.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fcgi/cloud_window.h"
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
#include "lib/dispatch/outlook.h"
#include "lib/metrics/metrics.h"
#include "lib/store/store.h"

namespace fiscalgate {

class Reception : public Handler {
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
    // Chooses between the registers of a group; empty: the first is taken.
    std::shared_ptr<dispatch::Outlook> outlook = {};
    // Of cloud registers; empty: none takes anything.
    CloudWindowPtr cloud = {};
  };

  void Handle(ExchangePtr exchange) final;

 protected:
  explicit Reception(Parts parts)
      : parts_(std::move(parts)),
        door_({parts_.clock, parts_.directory, parts_.rate_limiter, parts_.intake}) {}
  const Parts& parts() const { return parts_; }
  const Door& door() const { return door_; }

  // Who is at the door, and with what: fills shop, register, and of the form what becomes the task.
  virtual MaybeRefusal Admit(const http::Request& request, Visit* visit) const;
  // Whether the form may name another driver than the register's.
  virtual bool TrustsProgUrl(const Visit& visit) const { return visit.shop->allow_prog_url; }
  virtual base::Language LanguageFor(const http::Request& request) const = 0;
  // What a new task is answered with. Called before the commit, on the request thread: of `task`
  // only id, order and state are known.
  virtual http::Response Created(const task::Task& task, const ErrorEntries& warnings,
                                 const http::Request& request) const = 0;
  // The same for a cloud register. Called after the commit, on the writer thread: answers, or parks
  // to find out what its provider has to show.
  virtual void CreatedInCloud(ExchangePtr exchange, const task::Task& task,
                              const ErrorEntries& warnings) const;
  // The same order with the same content was accepted before. Called on the writer thread: answers
  // from what it is given, or parks.
  virtual void Same(ExchangePtr exchange, const task::Task& task,
                    const ErrorEntries& warnings) const = 0;
  virtual http::Response Refused(const Refusal& refusal, base::Language language) const = 0;

 private:
  // What is known of a request, step by step.
  struct Post;
  // A request whose task is being written.
  struct Pending;

  MaybeRefusal Read(const http::Request& request, Post* post) const;
  MaybeRefusal ReadTask(Post* post) const;
  std::string AllowedProgUrl(const Post& post) const;
  void ChooseMember(Post* post) const;
  // What was counted into a line did not come.
  void Uncount(const Post& post) const;

  void Observe(const Post& post) const;
  void Refuse(ExchangePtr exchange, const Post& post, const Refusal& refusal);
  void Submit(ExchangePtr exchange, Post post);
  void Welcome(Pending& pending, const task::Task& task) const;
  void Finish(Pending& pending, base::Result<store::Accepted> result);

  const Parts parts_;
  const Door door_;
};

}  // namespace fiscalgate
