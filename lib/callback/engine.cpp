#include "lib/callback/engine.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/callback/delivery.h"
#include "lib/http/url.h"

namespace fiscalgate::callback {
namespace {

// A shop is looked at again after this at the latest, should the wall clock have jumped.
constexpr std::chrono::hours kLongestSleep{1};
constexpr std::chrono::seconds kConnectTimeout{5};
// For a shop whose callbacks wait for another's probe, or are more than may be put off at once.
constexpr std::chrono::seconds kBlockedPause{5};

void Earlier(std::optional<MonoTime>& earliest, std::optional<MonoTime> other) {
  if (other && (!earliest || *other < *earliest)) earliest = other;
}

}  // namespace

Engine::Engine(Surroundings surroundings, Options options)
    : with_(std::move(surroundings)), options_(std::move(options)) {
  if (!options_.guard) options_.guard = std::make_shared<const http::AddressGuard>();
}

std::optional<MonoTime> Engine::Turn() {
  now_ = with_.clock.Mono();
  wall_ = with_.clock.Now();
  directory_ = with_.directory();
  TakePost();
  lines_.WakeDue(now_);
  if (now_ >= retry_at_) {
    if (!found_shops_) FindShops();
    LookAtReadyShops();
    Commit();
  }
  count_.breakers_open = static_cast<std::int64_t>(breakers_.open());
  return NextTurn();
}

bool Engine::finished() const {
  if (!stop_by_) return false;
  return flights_.empty() || now_ >= *stop_by_;
}

Counters Engine::counters() const {
  return {count_.delivered, count_.failed_tries, count_.dead, count_.breakers_open};
}

void Engine::TakePost() {
  Mailbox::Post post = mailbox_->Take();
  if (post.stop && !stop_by_) stop_by_ = now_ + options_.grace;
  for (const Letter& letter : post.letters) TakeAnswer(letter);
  for (const task::ShopKey key : post.rung) lines_.MakeReady(lines_.At(key));
  if (post.rescan) {
    found_shops_ = false;
    breakers_.AllowProbes(now_);
  }
}

void Engine::TakeAnswer(const Letter& letter) {
  const auto it = flights_.find(letter.callback);
  if (it == flights_.end()) return;
  const Flight& flight = it->second;
  const task::Shop* shop = directory_->FindShop(flight.callback.shop);
  const bool demand = shop != nullptr && shop->demand_successful;
  records_.push_back(RecordOf(flight.callback, letter.answer, demand, wall_, with_.random()));
  if (flight.origin.empty()) return;
  const bool delivered = records_.back().state == store::CallbackState::kDelivered;
  breakers_.Report(flight.origin, delivered, flight.probe, now_, with_.random());
}

void Engine::FindShops() {
  const auto shops = with_.store.ShopsWithCallbacks();
  if (!shops.ok()) {
    log::Error("callbacks_not_read", {{"error", shops.error().what}});
    retry_at_ = now_ + base::kStoreRetryPause;
    return;
  }
  found_shops_ = true;
  for (const auto& [key, due] : *shops) {
    const ShopLine& line = lines_.At(key);
    if (due <= wall_) {
      lines_.MakeReady(line);
    } else {
      mailbox_->Listen(key);
      lines_.WakeAt(line, MonoOf(due));
    }
  }
}

void Engine::LookAtReadyShops() {
  for (std::size_t i = 0; i < base::kMaxLooksPerTurn; ++i) {
    if (stop_by_ || refused_) return;
    ShopLine* line = lines_.Next(places_);
    if (line == nullptr) return;
    Look(*line);
  }
}

void Engine::Look(ShopLine& line) {
  // Listening before reading: a callback written in between rings.
  mailbox_->Listen(line.key());
  if (options_.is_ours && !options_.is_ours(line.key())) return lines_.WakeAt(line, std::nullopt);
  const task::Shop* shop = directory_->FindShop(line.key());
  const auto due = with_.store.DueCallbacks(line.key(), wall_, base::kCallbackWindow);
  if (!due.ok() || shop == nullptr) {
    log::Warn("callbacks_not_read",
              {{"shop", line.key()}, {"error", due.ok() ? "no such shop" : due.error().what}});
    return lines_.WakeAt(line, now_ + kBlockedPause);
  }
  bool put_off = false, blocked = false;
  for (const store::Callback& callback : *due) {
    if (!line.HasPlace()) return;  // the end of a delivery makes it ready again
    if (flights_.contains(callback.key)) continue;
    const Step step = Try(line, *shop, callback);
    if (step == Step::kNoPlace) return lines_.MakeReady(line);
    put_off |= step == Step::kPutOff;
    blocked |= step == Step::kBlocked;
  }
  if (line.HasPlace()) LookAgain(line, put_off, blocked);
}

Engine::Step Engine::Try(ShopLine& line, const task::Shop& shop, const store::Callback& callback) {
  if (callback.attempts > 0 && line.standing() == Standing::kUnproven) line.Suspect();
  if (!places_.Has(line.standing())) return Step::kNoPlace;
  Flight flight{callback, "", false, line.standing()};
  if (const auto url = http::Url::Parse(callback.url); url.ok()) {
    flight.origin = url->Origin();
    const Breakers::Verdict verdict = breakers_.Ask(flight.origin, now_);
    if (verdict.permit == Breakers::Permit::kProbing) return Step::kBlocked;
    if (verdict.permit == Breakers::Permit::kOpen) {
      if (!MayMove()) return Step::kBlocked;
      records_.push_back(MoveOf(callback, wall_ + (verdict.until - now_), wall_));
      return Step::kPutOff;
    }
    flight.probe = verdict.probe;
  }
  Deliver(line, shop, std::move(flight));
  return Step::kSent;
}

bool Engine::MayMove() {
  if (now_ >= moves_since_ + std::chrono::seconds(1)) {
    moves_since_ = now_;
    moves_left_ = base::kMaxMovesPerSecond;
  }
  if (moves_left_ == 0) return false;
  --moves_left_;
  return true;
}

void Engine::Deliver(ShopLine& line, const task::Shop& shop, Flight flight) {
  const std::int64_t key = flight.callback.key;
  line.Sent();
  places_.Take(flight.standing);
  const Flight& stored = flights_.emplace(key, std::move(flight)).first->second;
  if (stored.origin.empty()) {
    http::Answer answer;
    answer.error = "адрес обратного вызова не читается";
    return mailbox_->Put({key, std::move(answer)});
  }
  http::SendOptions options;
  options.total_timeout = options_.timeout;
  options.connect_timeout = std::min<Milliseconds>(kConnectTimeout, options_.timeout);
  options.max_answer_bytes = base::kMaxCallbackAnswerBytes;
  options.guard = options_.guard;
  options.allow_plain_http = options_.allow_plain_http;
  http::Request request = RequestFor(stored.callback, shop, wall_);
  if (options_.redirect) options_.redirect(shop, &request);
  // The mailbox outlives the engine for answers that come after the stop.
  with_.sender.Send(std::move(request), std::move(options),
                    [mailbox = mailbox_, key](http::Answer answer) {
                      mailbox->Put({key, std::move(answer)});
                    });
}

void Engine::LookAgain(ShopLine& line, bool put_off, bool blocked) {
  if (blocked) return lines_.WakeAt(line, now_ + kBlockedPause);
  if (put_off) return after_commit_.push_back(line.key());
  WaitForNext(line);
}

void Engine::WaitForNext(ShopLine& line) {
  const auto next = with_.store.NextCallbackDue(line.key());
  if (!next.ok()) return lines_.WakeAt(line, now_ + base::kStoreRetryPause);
  if (!next->has_value()) return lines_.WakeAt(line, std::nullopt);
  if (**next > wall_) return lines_.WakeAt(line, MonoOf(**next));
  // The first due is one that runs: its end makes the line ready. Otherwise one has just come.
  if (line.in_flight() == 0) lines_.MakeReady(line);
}

void Engine::Commit() {
  if (records_.empty()) return;
  const auto recorded = with_.store.RecordDeliveries(records_);
  if (!recorded.ok()) {
    if (!refused_) log::Error("deliveries_not_recorded", {{"error", recorded.error().what}});
    refused_ = true;
    retry_at_ = with_.clock.Mono() + base::kStoreRetryPause;
    return;
  }
  refused_ = false;
  for (const store::Delivered& record : std::exchange(records_, {})) {
    if (record.counted) Recorded(record);
  }
  for (const task::ShopKey key : std::exchange(after_commit_, {})) {
    lines_.MakeReady(lines_.At(key));
  }
}

void Engine::Recorded(const store::Delivered& record) {
  const auto node = flights_.extract(record.key);
  FG_CHECK(!node.empty());
  const Flight& flight = node.mapped();
  places_.Give(flight.standing);
  ShopLine& line = lines_.At(flight.callback.shop);
  line.Ended(record.state == store::CallbackState::kDelivered);
  lines_.MakeReady(line);
  Tell(flight, record);
}

void Engine::Tell(const Flight& flight, const store::Delivered& record) {
  const log::Fields fields = {{"task", flight.callback.task_id},
                              {"webhook", flight.callback.webhook_id},
                              {"try", record.attempts + 1},
                              {"status", record.status},
                              {"origin", flight.origin}};
  if (record.state == store::CallbackState::kDelivered) {
    ++count_.delivered;
    log::Info("callback_delivered", fields);
  } else {
    ++count_.failed_tries;
    if (record.state == store::CallbackState::kDead) {
      ++count_.dead;
      log::Warn("callback_dead", fields);
    } else {
      log::Info("callback_failed", fields);
    }
  }
  with_.on_change(flight.callback.task);
}

MonoTime Engine::MonoOf(base::WallTime time) const {
  return now_ + std::min<Milliseconds>(time - wall_, kLongestSleep);
}

std::optional<MonoTime> Engine::NextTurn() const {
  if (finished()) return now_;
  std::optional<MonoTime> next = stop_by_;
  if (now_ < retry_at_) {
    Earlier(next, retry_at_);
    return next;
  }
  if (!records_.empty()) return now_;
  if (!stop_by_ && lines_.HasReady(places_)) return now_;
  Earlier(next, lines_.Earliest());
  return next;
}

}  // namespace fiscalgate::callback
