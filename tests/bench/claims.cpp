// How fast tasks go through their lanes: accepted, found at the head, claimed, ended; in turns, as
// the dispatcher does it, on one thread. Nothing is sent anywhere.
//
//   claims url lanes seconds [--no-hints]
//
// In each turn every lane gets one task and its first one goes through. Prints one JSON object:
// lanes, claims, seconds, per_second (all in all) and each (claims in each second).
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <string>
#include <vector>

#include "lib/base/id.h"
#include "lib/dispatch/lane.h"
#include "lib/store/store.h"

namespace fiscalgate::bench {
namespace {

using store::Store;

[[noreturn]] void GiveUp(const std::string& text) {
  std::fprintf(stderr, "claims: %s\n", text.c_str());
  std::exit(2);
}

template <typename T>
T Take(base::Result<T> result) {
  if (!result.ok()) GiveUp(result.error().what);
  return std::move(*result);
}

class Line {
 public:
  Line(Store& store, int lanes, bool hints) : store_(store), hints_(hints) {
    task::DirectoryPtr directory = Take(store_.LoadDirectory());
    if (directory->shops().empty()) {
      task::Shop shop;
      shop.account_id = "bench-shop";
      shop.code = base::Secret("code");
      shop_ = Take(store_.AddShop(shop));
    } else {
      shop_ = directory->shops().front().key;
    }
    for (const task::Register& r : directory->registers()) lanes_.emplace_back(r.key);
    while (lanes_.size() < static_cast<std::size_t>(lanes)) AddLane();
    lanes_.erase(lanes_.begin() + lanes, lanes_.end());
  }

  // Gives how many went through.
  std::int64_t Turn() {
    AcceptOneEach();
    std::vector<task::Task> heads;
    for (dispatch::Lane& lane : lanes_) heads.push_back(HeadOf(lane));
    store::DispatchBatch claims, ends;
    for (task::Task& task : heads) {
      task.lease = "lease-" + std::to_string(++leases_);
      claims.claims.push_back({task.seq, task::State::kQueued, task::AttemptKind::kSend, task.lease,
                               "http://till", clock_.Now()});
      ends.conclusions.push_back(EndOf(task));
    }
    for (const bool each : Take(store_.Apply(claims)).claims) {
      if (!each) GiveUp("a claim was not granted");
    }
    for (std::size_t i = 0; i < heads.size(); ++i) lanes_[i].Claimed(heads[i]);
    for (const bool each : Take(store_.Apply(ends)).conclusions) {
      if (!each) GiveUp("an end was not written");
    }
    return static_cast<std::int64_t>(heads.size());
  }

 private:
  void AddLane() {
    task::Register r;
    r.name = "till-" + std::to_string(lanes_.size());
    r.provider = "bit";
    r.kkt_token = base::Secret("token of " + r.name);
    r.url = "http://127.0.0.1:44735/";
    r.shops = {shop_};
    lanes_.emplace_back(Take(store_.AddRegister(r)));
  }

  void AcceptOneEach() {
    std::vector<std::future<base::Result<store::Accepted>>> all;
    for (const dispatch::Lane& lane : lanes_) {
      auto promise = std::make_shared<std::promise<base::Result<store::Accepted>>>();
      all.push_back(promise->get_future());
      task::NewTask task;
      task.accepted_at = clock_.Now();
      task.id = base::NewId(task.accepted_at);
      task.shop = shop_;
      task.register_key = lane.key();
      task.order_id = task.id;
      task.content_hash = std::string(32, 'h');
      task.package.commands = std::string(600, ' ');
      const auto done = [promise](base::Result<store::Accepted> accepted) {
        promise->set_value(std::move(accepted));
      };
      if (!store_.Accept(std::move(task), done)) GiveUp("nothing is accepted");
    }
    for (auto& each : all) Take(each.get());
  }

  // As the dispatcher looks at a lane that is not empty.
  task::Task HeadOf(dispatch::Lane& lane) {
    const base::MonoTime now = clock_.Mono();
    const store::LaneHint hint = hints_ ? lane.HintAt(now) : store::LaneHint{};
    const auto head = Take(store_.HeadOf(lane.key(), false, hint));
    if (!head) GiveUp("a lane is empty");
    if (!hint.nothing_ahead) lane.SeenInFull(head->task, now);
    return head->task;
  }

  store::Conclusion EndOf(const task::Task& task) const {
    store::Conclusion end;
    end.seq = task.seq;
    end.lease = task.lease;
    end.outcome.state = task::State::kDone;
    end.outcome.commands = {
        {0, "r", "kktReceiptFiscalization", task::CommandState::kDone, "ok", "{}", std::nullopt}};
    end.result = "answered";
    end.http_status = 200;
    end.at = clock_.Now();
    return end;
  }

  Store& store_;
  const bool hints_;
  base::SystemClock clock_;
  task::ShopKey shop_ = 0;
  std::vector<dispatch::Lane> lanes_;
  std::int64_t leases_ = 0;
};

int Run(const std::string& url, int lanes, int seconds, bool hints) {
  using Clock = std::chrono::steady_clock;
  store::Options options;
  options.url = url;
  auto store = Take(Store::Open(options, base::KeyRing::FromBytes(std::string(32, 'k'))));
  Line line(*store, lanes, hints);
  std::vector<std::int64_t> each(static_cast<std::size_t>(seconds), 0);
  std::int64_t all = 0;
  const auto begun = Clock::now();
  std::chrono::duration<double> took{};
  while ((took = Clock::now() - begun).count() < seconds) {
    const std::int64_t claims = line.Turn();
    all += claims;
    each[static_cast<std::size_t>(took.count())] += claims;
  }
  std::printf(R"({"lanes":%d,"claims":%lld,"seconds":%.2f,"per_second":%.1f,"each":[)", lanes,
              static_cast<long long>(all), took.count(), static_cast<double>(all) / took.count());
  for (std::size_t i = 0; i < each.size(); ++i) {
    std::printf("%s%lld", i == 0 ? "" : ",", static_cast<long long>(each[i]));
  }
  std::printf("]}\n");
  store->Stop();
  return 0;
}

}  // namespace
}  // namespace fiscalgate::bench

int main(int argc, char** argv) {
  const bool hints = argc < 5 || std::strcmp(argv[4], "--no-hints") != 0;
  if (argc < 4) fiscalgate::bench::GiveUp("usage: claims url lanes seconds [--no-hints]");
  return fiscalgate::bench::Run(argv[1], std::atoi(argv[2]), std::atoi(argv[3]), hints);
}
