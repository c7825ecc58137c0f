// What the tests of archives have in common.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "lib/store/archive.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

struct Files {
  ::fiscalgate::testing::TempDir folder;
  const std::string& path() const { return folder.path(); }
  std::vector<std::string> all() const {
    std::vector<std::string> paths;
    for (const auto& each : std::filesystem::directory_iterator(path())) {
      paths.push_back(each.path().string());
    }
    return paths;
  }
  std::size_t count() const { return all().size(); }
};

inline Month MonthOf(const task::Task& task) { return store::MonthOf(task.seq, task.accepted_at); }

inline Archive Open(const World& world) {
  Result<Archive> archive = Archive::Open(world.url());
  BOOST_REQUIRE_MESSAGE(archive.ok(), (archive.ok() ? "" : archive.error().what));
  return std::move(*archive);
}

// The shop has confirmed all that there is to confirm.
inline void DeliverAll(World& world) {
  std::vector<Delivered> all;
  const std::vector<Callback> due =
      world.store().DueCallbacks(world.shop, world.now(), 100).value();
  for (const Callback& callback : due) {
    Delivered& delivered = all.emplace_back();
    delivered.key = callback.key;
    delivered.attempts = callback.attempts;
    delivered.state = CallbackState::kDelivered;
    delivered.status = 200;
    delivered.due_at = delivered.at = world.now();
  }
  BOOST_REQUIRE(world.store().RecordDeliveries(all).ok());
}

inline Result<ArchivedMonth> Take(const World& world, Month month, const Files& files) {
  return Open(world).Take(month, files.path(), "ann", world.now());
}

inline HoldOrder Held(Month month) {
  HoldOrder order;
  order.month = month;
  order.why = "a court asks";
  order.who = "ann";
  return order;
}

}  // namespace fiscalgate::store::testing
