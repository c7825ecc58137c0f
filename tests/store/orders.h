// Orders posted to a store on PostgreSQL without waiting, while servers and lines go away; and what
// such tests ask it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>

#include "lib/store/postgres/postgres_connection.h"
#include "tests/store/postgres_server.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using postgres::Access;
using postgres::Address;

inline std::unique_ptr<Connection> Open(const std::string& url, Access access,
                                        const postgres::Settings& settings = {}) {
  auto opened = postgres::Connect(Address::Parse(url).value(), access, settings);
  BOOST_REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().what));
  return std::move(*opened);
}

inline std::unique_ptr<Store> OpenStore(const std::string& url) {
  Options options;
  options.url = url;
  options.write_result = WrittenResult;
  auto opened = Store::Open(options, base::KeyRing::FromBytes(std::string(32, 'k')));
  BOOST_REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().what));
  return std::move(*opened);
}

inline std::size_t CountTasks(Store& store) {
  TaskFilter all;
  all.limit = 1000;
  return store.ListTasks(all).value().size();
}

// Repeats what is refused for want of a server, until it is back.
template <typename Try>
auto UntilThere(const Try& attempt) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::mutex mutex;
  std::condition_variable pause;
  for (;;) {
    auto result = attempt();
    if (result.ok() || std::chrono::steady_clock::now() > deadline) return result;
    std::unique_lock lock(mutex);
    pause.wait_for(lock, std::chrono::milliseconds(20));
  }
}

// Accepts without waiting; what became of each order.
class Orders {
 public:
  explicit Orders(World& world) : world_(world) {}
  void Post(Store& store, const std::string& order) {
    {
      const std::lock_guard lock(mutex_);
      ++posted_;
    }
    const bool taken = store.Accept(world_.NewTask(order), [this, order](Result<Accepted> result) {
      const std::lock_guard lock(mutex_);
      (result.ok() ? acknowledged_ : refused_).insert(order);
      if (!result.ok() && result.error().code != base::Code::kUnavailable) ++strange_;
      changed_.notify_all();
    });
    FG_CHECK(taken);
  }
  void WaitForAll() {
    std::unique_lock lock(mutex_);
    const bool all = changed_.wait_for(lock, std::chrono::seconds(60), [this] {
      return static_cast<int>(acknowledged_.size() + refused_.size()) == posted_;
    });
    FG_CHECK(all);
  }
  // A few wait at a time; after a refusal a moment passes.
  void WaitForRoom() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] {
      return posted_ < static_cast<int>(acknowledged_.size() + refused_.size()) + 50;
    });
    if (refused_.size() > seen_refused_) changed_.wait_for(lock, std::chrono::milliseconds(3));
    seen_refused_ = refused_.size();
  }
  void WaitForAcknowledged(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(30),
                      [&] { return acknowledged_.size() >= count; });
  }
  std::size_t acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_.size();
  }
  std::size_t refused() const {
    const std::lock_guard lock(mutex_);
    return refused_.size();
  }
  // Neither is an acknowledged order lost, nor is a refused one there.
  void CheckExactly(const std::string& url) const {
    BOOST_TEST(strange_ == 0);
    std::set<std::string> kept;
    const auto read = [&](const Row& row) { kept.insert(row.Text(0)); };
    BOOST_REQUIRE(Open(url, Access::kRead)->Run("SELECT order_id FROM task", {}, read).ok());
    BOOST_TEST((kept == acknowledged_));
  }

 private:
  World& world_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int posted_ = 0;
  int strange_ = 0;
  std::size_t seen_refused_ = 0;
  std::set<std::string> acknowledged_, refused_;
};

}  // namespace fiscalgate::store::testing
