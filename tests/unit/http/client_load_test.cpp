// Many transfers at once, and the end of the client.
#include <algorithm>
#include <atomic>

#include "lib/base/limits.h"
#include "tests/unit/http/client_fixture.h"
#include "tests/unit/support/raw_server.h"
#include "tests/unit/support/slow_names.h"

namespace fiscalgate::http {

using testing::RawConnection;
using testing::RawServer;

namespace {

void AnswerAll(RawConnection& peer) {
  while (!peer.ReadRequest().empty() &&
         peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
  }
}

constexpr std::chrono::seconds kSoon{3};
constexpr int kMany = 1000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client_load, ClientFixture)

BOOST_AUTO_TEST_CASE(ThousandSilentOriginsDelayNobody) {
  testing::SilentServer silent;
  RawServer good(AnswerAll);
  std::vector<std::future<Answer>> dead;
  for (int i = 0; i < kMany; ++i) dead.push_back(Begin({"POST", silent.Url(i), "", {}, "x"}));
  BOOST_TEST(client.in_flight() == static_cast<std::size_t>(kMany));
  auto answer = Begin({"GET", good.Url(), "", {}, ""});
  BOOST_REQUIRE(answer.wait_for(kSoon) == std::future_status::ready);
  BOOST_TEST(answer.get().response.status == 200);
  client.Stop();
  for (auto& each : dead) BOOST_TEST(Await(std::move(each)).delivery == Delivery::kNoAnswer);
  BOOST_TEST(client.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(ThousandRequestsToOneDeadOriginDelayNobody) {
  testing::BlackHole hole;
  RawServer good(AnswerAll);
  std::vector<std::future<Answer>> dead;
  for (int i = 0; i < kMany; ++i) dead.push_back(Begin({"POST", hole.Url(), "", {}, "x"}));
  auto answer = Begin({"GET", good.Url(), "", {}, ""});
  BOOST_REQUIRE(answer.wait_for(kSoon) == std::future_status::ready);
  client.Stop();
  for (auto& each : dead) BOOST_TEST(Await(std::move(each)).delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_CASE(NamesThatHangDelayNobodyEvenWhenGivenUp) {
  testing::SlowNames names;
  RawServer good(AnswerAll);
  options.total_timeout = std::chrono::milliseconds(100);
  std::vector<std::future<Answer>> dead;
  for (int i = 0; i < 20; ++i) {
    const std::string url = "http://n" + std::to_string(i) + ".hangs.test/";
    dead.push_back(Begin({"POST", url, "", {}, "x"}));
  }
  for (auto& each : dead) BOOST_TEST(Await(std::move(each)).delivery == Delivery::kNotSent);
  BOOST_TEST(testing::SlowNames::hanging() > 0);
  options.total_timeout = kSoon;
  BOOST_TEST(Get(good.Url()).response.status == 200);
}

BOOST_AUTO_TEST_CASE(ToOneOriginOnlySoManyRunAtOnceAndAllGetTheirTurn) {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  std::size_t held = 0, most = 0;
  RawServer server([&](RawConnection& peer) {
    while (!peer.ReadRequest().empty()) {
      std::unique_lock lock(mutex);
      most = std::max(most, ++held);
      changed.notify_all();
      changed.wait(lock, [&] { return open; });
      --held;
      peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  });
  std::vector<std::future<Answer>> all;
  for (std::size_t i = 0; i < 2 * base::kMaxTransfersPerOrigin; ++i) {
    all.push_back(Begin({"GET", server.Url(), "", {}, ""}));
  }
  {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, kNever, [&] { return held == base::kMaxTransfersPerOrigin; });
    open = true;
    changed.notify_all();
  }
  for (auto& each : all) BOOST_TEST(Await(std::move(each)).response.status == 200);
  BOOST_TEST(most == base::kMaxTransfersPerOrigin);
}

BOOST_AUTO_TEST_CASE(WaitingForATurnCountsAsTime) {
  testing::SilentServer silent;
  std::vector<std::future<Answer>> running;
  for (std::size_t i = 0; i < base::kMaxTransfersPerOrigin; ++i) {
    running.push_back(Begin({"POST", silent.Url(0), "", {}, "x"}));
  }
  options.total_timeout = std::chrono::milliseconds(100);
  const Answer answer = Post(silent.Url(0), "x");
  BOOST_TEST(answer.delivery == Delivery::kNotSent);
  BOOST_TEST(answer.elapsed.count() >= 100);
}

BOOST_AUTO_TEST_CASE(SaturatedClientRefusesAtOnce) {
  testing::SilentServer silent;
  Client small(2);  // two run, two wait
  int refused = 0;
  const auto caller = std::this_thread::get_id();
  for (int i = 0; i < 5; ++i) {
    small.Send({"GET", silent.Url(i), "", {}, ""}, options, [&](const Answer& answer) {
      if (std::this_thread::get_id() != caller) return;  // ended by the client's own end
      ++refused;
      BOOST_TEST(answer.delivery == Delivery::kNotSent);
    });
    BOOST_TEST(refused == (i < 4 ? 0 : 1));
  }
}

BOOST_AUTO_TEST_CASE(StopCallsEveryDoneOnceAndLaterSendsAreRefused) {
  testing::SilentServer silent;
  std::atomic<int> done{0};
  {
    Client ending(100);
    for (int i = 0; i < 200; ++i) {
      ending.Send({"GET", silent.Url(i), "", {}, ""}, options, [&](Answer answer) {
        ++done;
        BOOST_TEST(answer.delivery != Delivery::kAnswered);
      });
    }
    ending.Stop();
    BOOST_TEST(done == 200);
    ending.Send({"GET", silent.Url(0), "", {}, ""}, options, [&](Answer answer) {
      ++done;
      BOOST_TEST(answer.delivery == Delivery::kNotSent);
    });
    BOOST_TEST(done == 201);
    BOOST_TEST(ending.in_flight() == 0u);
  }
  BOOST_TEST(done == 201);
}

BOOST_AUTO_TEST_CASE(SendsFromManyThreadsWhileStoppingAreAllDone) {
  RawServer server(AnswerAll);
  std::atomic<int> sent{0}, done{0};
  {
    Client ending(1000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          ++sent;
          ending.Send({"GET", server.Url(), "", {}, ""}, options, [&](Answer) { ++done; });
        }
      });
    }
    ending.Stop();
    for (auto& thread : threads) thread.join();
  }
  BOOST_TEST(done == sent);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
