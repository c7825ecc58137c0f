// The stores a test can run on: the fake in memory, and the real one in a folder of its own. A test
// written as BOOST_AUTO_TEST_CASE_TEMPLATE over AllStores says the same of both.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "tests/unit/support/memory_store.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::testing {

struct InMemory {
  InMemory() : store(std::make_unique<MemoryStore>()) {}
  std::unique_ptr<store::Store> store;
};

struct InSqlite {
  InSqlite() {
    store::Options options;
    options.url = "sqlite:" + dir.File("fiscalgate.db");
    auto opened = store::Store::Open(options, base::KeyRing::FromBytes(std::string(32, 'k')));
    store = std::move(opened).value();
  }
  ~InSqlite() { store->Stop(); }
  TempDir dir;
  std::unique_ptr<store::Store> store;
};

using AllStores = std::tuple<InMemory, InSqlite>;

// Waits for the commit.
inline store::Accepted Accept(store::Store& store, task::NewTask task) {
  // Shared: the writer may still be inside set_value when the waiting thread goes on.
  auto accepted = std::make_shared<std::promise<store::Result<store::Accepted>>>();
  auto future = accepted->get_future();
  FG_CHECK(store.Accept(std::move(task), [accepted](store::Result<store::Accepted> result) {
    accepted->set_value(std::move(result));
  }));
  return future.get().value();
}

}  // namespace fiscalgate::testing
