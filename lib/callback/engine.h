// What the relay's thread does, one turn at a time: take what came, look at the shops whose time
// has come, send, record in one commit. It never waits and starts no thread, so tests turn it by
// hand.
//
// A delivery keeps its place until its end is recorded: while the store refuses, nothing is
// delivered twice and nothing new is begun.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/mailbox.h"
#include "lib/callback/breaker.h"
#include "lib/callback/relay.h"
#include "lib/callback/shop_line.h"

namespace fiscalgate::callback {

struct Letter {  // an answer to a delivery
  std::int64_t callback = 0;
  http::Answer answer;
};
using Mailbox = base::Mailbox<Letter>;

class Engine {
 public:
  struct Surroundings {
    store::Store& store;
    http::Sender& sender;
    const base::Clock& clock;
    std::function<task::DirectoryPtr()> directory;
    std::function<void(task::TaskSeq)> on_change;
    std::function<double()> random;  // uniform in [0, 1)
  };
  Engine(Surroundings surroundings, Options options);

  // When to turn again at the latest, if nothing comes; empty: never.
  std::optional<MonoTime> Turn();
  // Stopping was asked for, and nothing runs any more or the grace is over.
  bool finished() const;

  Mailbox& mailbox() { return *mailbox_; }
  const base::Clock& clock() const { return with_.clock; }
  Counters counters() const;
  std::size_t in_flight() const { return flights_.size(); }

 private:
  struct Flight {
    store::Callback callback;
    std::string origin;  // empty: the address cannot be read
    bool probe = false;
    Standing standing = Standing::kUnproven;  // whose place it took
  };
  enum class Step { kSent, kPutOff, kBlocked, kNoPlace };

  void TakePost();
  void TakeAnswer(const Letter& letter);
  void FindShops();
  void LookAtReadyShops();
  void Look(ShopLine& line);
  void LookAgain(ShopLine& line, bool put_off, bool blocked);
  void WaitForNext(ShopLine& line);
  Step Try(ShopLine& line, const task::Shop& shop, const store::Callback& callback);
  void Deliver(ShopLine& line, const task::Shop& shop, Flight flight);
  bool MayMove();
  void Commit();
  void Recorded(const store::Delivered& record);
  void Tell(const Flight& flight, const store::Delivered& record);
  MonoTime MonoOf(base::WallTime time) const;
  std::optional<MonoTime> NextTurn() const;

  Surroundings with_;
  Options options_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  task::DirectoryPtr directory_;  // of this turn
  MonoTime now_{};                // of this turn
  base::WallTime wall_{};         // of this turn

  ShopLines lines_;
  Places places_;
  Breakers breakers_;
  std::unordered_map<std::int64_t, Flight> flights_;  // by callback
  std::vector<store::Delivered> records_;             // for the next commit

  std::vector<task::ShopKey> after_commit_;  // shops that have more behind what was put off

  bool found_shops_ = false;
  bool refused_ = false;  // the last commit was
  MonoTime retry_at_{};
  std::size_t moves_left_ = 0;
  MonoTime moves_since_{};
  std::optional<MonoTime> stop_by_;

  struct AtomicCounters {
    std::atomic<std::int64_t> delivered{0}, failed_tries{0}, dead{0}, breakers_open{0};
  };
  AtomicCounters count_;
};

}  // namespace fiscalgate::callback
