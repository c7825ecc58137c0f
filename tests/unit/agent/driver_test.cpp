#include "fcgi/agent/driver.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/agent/platform.h"
#include "tests/unit/support/raw_server.h"

namespace fiscalgate::agent {
namespace {

using testing::BlackHole;
using testing::RawConnection;
using testing::RawServer;

constexpr std::int64_t kLongMs = 20'000;

DriverReply CallAt(const std::string& url, std::int64_t timeout_ms = kLongMs,
                   std::int64_t begin_within_ms = kLongMs, bool give_up = false) {
  Driver driver(*Address::Parse(url));
  const std::atomic<bool> flag{give_up};
  return driver.Call("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
                     platform::AwakeMs() + begin_within_ms, timeout_ms, flag);
}

BOOST_AUTO_TEST_SUITE(agent_driver)

BOOST_AUTO_TEST_CASE(RequestAndAnswerPass) {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
  });
  const DriverReply reply = CallAt(server.Url(""));
  BOOST_TEST(DeliveryName(reply.delivery) == std::string("answered"));
  BOOST_TEST(reply.message == "HTTP/1.1 200 OK\r\n\r\nyes");
  BOOST_TEST(seen == "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(LocalhostNeedsNoResolver) {
  RawServer server([](RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\n\r\n");
  });
  const auto reply = CallAt("http://localhost:" + std::to_string(server.port()));
  BOOST_TEST((reply.delivery == Delivery::kAnswered));
}

BOOST_AUTO_TEST_CASE(NobodyThereIsNotSent) {
  const auto reply = CallAt("http://127.0.0.1:" + std::to_string(RawServer::RefusedPort()));
  BOOST_TEST((reply.delivery == Delivery::kNotSent));
  BOOST_TEST(!reply.error.empty());
}

BOOST_AUTO_TEST_CASE(ConnectionThatHangsIsNotSent) {
  BlackHole hole;
  std::string url = hole.Url();
  while (url.ends_with('/')) url.pop_back();
  BOOST_TEST((CallAt(url, 200).delivery == Delivery::kNotSent));
}

BOOST_AUTO_TEST_CASE(TooLateIsNotSent) {
  RawServer server([](RawConnection& connection) { connection.WaitForClose(); });
  BOOST_TEST((CallAt(server.Url(""), kLongMs, 0).delivery == Delivery::kNotSent));
}

BOOST_AUTO_TEST_CASE(GivenUpBeforeTheFirstByteIsNotSent) {
  RawServer server([](RawConnection& connection) { connection.WaitForClose(); });
  BOOST_TEST((CallAt(server.Url(""), kLongMs, kLongMs, true).delivery == Delivery::kNotSent));
}

BOOST_AUTO_TEST_CASE(SilenceAfterTheRequestIsNoAnswer) {
  RawServer server([](RawConnection& connection) {
    connection.ReadRequest();
    connection.WaitForClose();
  });
  BOOST_TEST((CallAt(server.Url(""), 200).delivery == Delivery::kNoAnswer));
}

BOOST_AUTO_TEST_CASE(ResetAfterTheRequestIsNoAnswer) {
  RawServer server([](RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\n\r\nhalf");
    connection.ResetOnClose();
  });
  BOOST_TEST((CallAt(server.Url("")).delivery == Delivery::kNoAnswer));
}

BOOST_AUTO_TEST_CASE(RedirectIsAnAnswerLikeAnyOther) {
  RawServer server([](RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
  });
  const auto reply = CallAt(server.Url(""));
  BOOST_TEST((reply.delivery == Delivery::kAnswered));
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(ProbeSaysWhetherItIsThere) {
  RawServer server([](RawConnection& connection) { connection.WaitForClose(); });
  std::string error;
  Driver there(*Address::Parse(server.Url("")));
  BOOST_TEST(DriverStateName(there.state()) == std::string("unknown"));
  BOOST_TEST(there.Probe(&error));
  BOOST_TEST(DriverStateName(there.state()) == std::string("ok"));
  Driver gone(*Address::Parse("http://127.0.0.1:" + std::to_string(RawServer::RefusedPort())));
  BOOST_TEST(!gone.Probe(&error));
  BOOST_TEST(DriverStateName(gone.state()) == std::string("unreachable"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::agent
