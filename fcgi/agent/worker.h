// One register: a thread that delivers what is in the journal, polls, writes down, speaks to the
// driver, writes down, and begins again. Nothing else touches its journal. Stop and GiveUp: any
// thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "fcgi/agent/config.h"
#include "fcgi/agent/driver.h"
#include "fcgi/agent/gateway.h"
#include "fcgi/agent/journal.h"
#include "fcgi/agent/keeper.h"
#include "fcgi/agent/log.h"
#include "fcgi/agent/pace.h"
#include "fcgi/agent/turns.h"

namespace fiscalgate::agent {

class Worker {
 public:
  // `folder` is of this register alone. Log and keeper outlive the worker.
  Worker(const RegisterConfig& config, std::string folder, Log& log, Keeper& keeper);
  ~Worker();

  void Start();
  // Nothing new is begun; the driver's answer is still waited for.
  void Stop();
  // Nor is that.
  void GiveUp();
  // False: it has not ended by then.
  bool WaitForEnd(std::int64_t deadline);
  void Join();

 private:
  void Run();
  bool OpenJournal();
  // False: there was trouble with the gateway as such, and it was waited out.
  bool DeliverDue();
  bool Deliver(const Held& held, std::int64_t timeout_ms);
  void PutAside(const Held& held, const std::string& message);
  void Forget(const std::string& lease);
  void PollOnce();
  void Work(Response work, std::int64_t poll_start);
  DriverReply Attempt(const std::string& lease, std::string request, std::int64_t begin_before,
                      std::int64_t timeout_ms);
  void Farewell();

  void Met();
  void Trouble(const Response& response);
  void CheckClock(const Response& response);
  void Say(Level level, const std::string& text) { log_.Write(level, config_.name, text); }
  void Pause(std::int64_t ms);
  std::int64_t UntilNextDelivery() const;

  const RegisterConfig config_;
  const std::string folder_;
  Log& log_;
  Keeper& keeper_;
  Driver driver_;
  const std::size_t ward_;
  Gateway gateway_;
  Journal journal_;

  struct Retry {
    Pace pace;
    std::int64_t at = 0;
  };
  std::map<std::string, Retry> retries_;  // of answers that the gateway failed to take
  Turns turns_;
  Pace pace_;
  bool met_ = false;  // the gateway answered the last call as it should
  Verdict said_ = Verdict::kOk;
  std::int64_t said_at_ = 0, skew_said_at_ = 0;
  int short_polls_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::atomic<bool> stopping_{false}, give_up_{false};
  std::thread thread_;
};

}  // namespace fiscalgate::agent
