// The relay with its thread, the system's clock and the real client.
#include "lib/callback/relay.h"

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "lib/http/client.h"
#include "tests/unit/callback/world.h"
#include "tests/unit/support/raw_server.h"

namespace fiscalgate::callback {
namespace {

struct Running {
  Running() : finisher(*stores.store) {
    log::SetLevel(log::Level::kError);
    options.guard = std::make_shared<const http::AddressGuard>(http::AddressGuard::AllowAll());
  }
  void Start(http::Sender& sender) {
    directory = stores.store->LoadDirectory().value();
    relay = std::make_unique<Relay>(
        *stores.store, sender, clock, [this] { return directory; },
        [this](task::TaskSeq) {
          std::lock_guard lock(mutex);
          ++ended;
          changed.notify_all();
        },
        options);
    relay->Start();
  }
  void Post(task::ShopKey shop, const std::string& url) {
    finisher.Finish(shop, url, clock.Now());
    relay->Notify(shop);
  }
  bool WaitForDelivered(std::int64_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, seconds(20),
                            [&] { return relay->counters().delivered >= count; });
  }

  base::SystemClock clock;
  testing::InMemory stores;
  Finisher finisher;
  Options options;
  task::DirectoryPtr directory;
  std::mutex mutex;
  std::condition_variable changed;
  int ended = 0;
  std::unique_ptr<Relay> relay;
};

void SaySuccessful(testing::RawConnection& peer) {
  while (!peer.ReadRequest().empty() &&
         peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nSUCCESSFUL")) {
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(relay, Running)

BOOST_AUTO_TEST_CASE(CallbackReachesTheShop) {
  std::mutex seen_mutex;
  std::string seen;
  testing::RawServer server([&](testing::RawConnection& peer) {
    std::string request = peer.ReadRequest();
    {
      std::lock_guard lock(seen_mutex);
      seen = std::move(request);
    }
    peer.Write("HTTP/1.1 204 No Content\r\n\r\n");
  });
  const task::ShopKey shop = finisher.AddShop("A");
  http::Client client(16);
  Start(client);
  Post(shop, server.Url("/ok"));
  BOOST_REQUIRE(WaitForDelivered(1));
  relay->Stop();
  std::lock_guard lock(seen_mutex);
  BOOST_TEST(seen.starts_with("POST /ok HTTP/1.1\r\n"));
  BOOST_TEST(seen.find("\r\nwebhook-signature: v1,") != std::string::npos);
  BOOST_TEST(seen.ends_with("\r\n\r\njson=%7B%7D"));
}

BOOST_AUTO_TEST_CASE(ThousandSilentAddressesSlowNobodyElseDown) {
  testing::SilentServer silent;
  testing::RawServer server(SaySuccessful);
  const task::ShopKey live = finisher.AddShop("live");
  std::vector<task::ShopKey> dead;
  for (int i = 0; i < 1000; ++i) dead.push_back(finisher.AddShop("dead" + std::to_string(i)));
  http::Client client(256);
  Start(client);
  Post(live, server.Url());
  BOOST_REQUIRE(WaitForDelivered(1));
  for (int i = 0; i < 1000; ++i) Post(dead[static_cast<std::size_t>(i)], silent.Url(i));
  // None of the dead ends before its time-out of 15 s: were the live shop behind them, one delivery
  // alone would take that long.
  const auto begin = clock.Mono();
  for (int i = 0; i < 50; ++i) Post(live, server.Url());
  BOOST_REQUIRE(WaitForDelivered(51));
  BOOST_TEST((clock.Mono() - begin).count() < 5'000);
  BOOST_TEST(client.in_flight() <= 128u);
  relay->Stop();
}

BOOST_AUTO_TEST_CASE(StopIsQuickWhenNothingRuns) {
  options.grace = hours(1);
  testing::FakeSender sender;
  Start(sender);
  relay->Stop();
  relay->Stop();
  BOOST_TEST(sender.count() == 0u);
}

BOOST_AUTO_TEST_CASE(NoticesFromManyThreadsAreAllHeard) {
  const task::ShopKey shop = finisher.AddShop("A");
  testing::FakeSender sender([](const http::Request&) { return Answered(200); });
  Start(sender);
  for (int i = 0; i < 100; ++i) finisher.Finish(shop, "https://a.example/", clock.Now());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) relay->Notify(shop);
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(WaitForDelivered(100));
  relay->Stop();
  BOOST_TEST(sender.count() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
