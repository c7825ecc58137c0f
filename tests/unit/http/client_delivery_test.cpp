// What is known of a request that got no answer: receipts are printed twice where this is wrong.
#include <boost/test/data/test_case.hpp>

#include "lib/base/limits.h"
#include "tests/unit/http/client_fixture.h"
#include "tests/unit/support/raw_server.h"

namespace fiscalgate::http {

using testing::RawConnection;
using testing::RawServer;

namespace {

// Reads one request, says something and closes; counts the requests.
struct OneShot {
  explicit OneShot(std::string say, bool reset = false)
      : server([this, say, reset](RawConnection& peer) {
          if (peer.ReadRequest().empty()) return;
          ++requests;
          peer.Write(say);
          if (reset) peer.ResetOnClose();
        }) {}
  std::atomic<int> requests{0};
  RawServer server;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client_delivery, ClientFixture)

BOOST_AUTO_TEST_CASE(RefusedConnectionIsNotSent) {
  const Answer answer = Post("http://127.0.0.1:" + std::to_string(RawServer::RefusedPort()), "x");
  BOOST_TEST(answer.delivery == Delivery::kNotSent);
  BOOST_TEST(answer.error != "");
}

BOOST_AUTO_TEST_CASE(UnknownNameIsNotSent) {
  BOOST_TEST(Post("http://nobody.invalid/", "x").delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_CASE(ConnectThatTimesOutIsNotSent) {
  testing::BlackHole hole;
  options.connect_timeout = std::chrono::milliseconds(100);
  BOOST_TEST(Post(hole.Url(), "x").delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_CASE(TotalTimeThatEndsBeforeTheRequestIsNotSent) {
  testing::BlackHole hole;
  options.total_timeout = std::chrono::milliseconds(100);
  BOOST_TEST(Post(hole.Url(), "x").delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_CASE(HandshakeThatFailsIsNotSent) {
  // Answers the greeting of TLS with something else.
  RawServer server([](RawConnection& peer) {
    peer.Write("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.WaitForClose();
  });
  const Answer answer = Post("https://127.0.0.1:" + std::to_string(server.port()), "x");
  BOOST_TEST(answer.delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_CASE(HandshakeThatHangsIsNotSent) {
  RawServer server([](RawConnection& peer) { peer.WaitForClose(); });
  options.total_timeout = std::chrono::milliseconds(100);
  const Answer answer = Post("https://127.0.0.1:" + std::to_string(server.port()), "x");
  BOOST_TEST(answer.delivery == Delivery::kNotSent);
}

const char* const kNoAnswers[] = {
    "",
    "H",
    "HTTP/1.1 200 OK\r\nContent-Le",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "no HTTP at all\r\n\r\n",
    "SSH-2.0-OpenSSH\r\n",
};

BOOST_DATA_TEST_CASE(AnswerThatIsCutOrNoneAfterTheRequestIsNoAnswer,
                     boost::unit_test::data::make(kNoAnswers)) {
  for (const bool fresh : {false, true}) {
    OneShot shot(sample);
    options.fresh_connection = fresh;
    const Answer answer = Post(shot.server.Url(), "x");
    BOOST_TEST(answer.delivery == Delivery::kNoAnswer);
    BOOST_TEST(answer.error != "");
    BOOST_TEST(shot.requests == 1);
  }
}

BOOST_AUTO_TEST_CASE(ResetAfterTheRequestIsNoAnswer) {
  OneShot shot("", true);
  BOOST_TEST(Post(shot.server.Url(), "x").delivery == Delivery::kNoAnswer);
  BOOST_TEST(shot.requests == 1);
}

BOOST_AUTO_TEST_CASE(ResetInsideTheBodyIsNoAnswer) {
  OneShot shot("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true);
  BOOST_TEST(Post(shot.server.Url(), "x").delivery == Delivery::kNoAnswer);
}

BOOST_AUTO_TEST_CASE(CloseBeforeReadingIsNoAnswer) {
  // The peer takes the connection and closes it: the request may have been on its way.
  RawServer server([](RawConnection&) {});
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNoAnswer);
}

BOOST_AUTO_TEST_CASE(SilenceAfterTheRequestIsNoAnswer) {
  RawServer server([](RawConnection& peer) { peer.WaitForClose(); });
  options.total_timeout = std::chrono::milliseconds(100);
  const Answer answer = Post(server.Url(), "x");
  BOOST_TEST(answer.delivery == Delivery::kNoAnswer);
  BOOST_TEST(answer.elapsed.count() >= 90);
}

BOOST_AUTO_TEST_CASE(DrippingAnswerEndsWithTheTotalTime) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
    peer.WaitForClose();
  });
  options.total_timeout = std::chrono::milliseconds(100);
  BOOST_TEST(Get(server.Url()).delivery == Delivery::kNoAnswer);
}

BOOST_AUTO_TEST_CASE(BodyMayBeAsLongAsTheLimitAndNotLonger) {
  options.max_answer_bytes = 1000;
  for (const std::size_t size : {1000u, 1001u}) {
    OneShot shot("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
                 std::string(size, 'x'));
    const Answer answer = Get(shot.server.Url());
    BOOST_TEST(answer.delivery == (size == 1000 ? Delivery::kAnswered : Delivery::kNoAnswer));
  }
}

BOOST_AUTO_TEST_CASE(EndlessChunkedBodyIsCut) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
    while (peer.Write(chunk)) {
    }
  });
  const Answer answer = Get(server.Url());
  BOOST_TEST(answer.delivery == Delivery::kNoAnswer);
  BOOST_TEST(answer.error == "the answer is too long");
}

BOOST_AUTO_TEST_CASE(EndlessHeadersAreCut) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\n");
    const std::string line = "X-Long: " + std::string(1000, 'x') + "\r\n";
    while (peer.Write(line)) {
    }
  });
  const Answer answer = Get(server.Url());
  BOOST_TEST(answer.delivery == Delivery::kNoAnswer);
  BOOST_TEST(answer.error == "the answer's headers are too long");
}

BOOST_AUTO_TEST_CASE(EndlessInterimAnswersAreCut) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    while (peer.Write("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")) {
    }
  });
  BOOST_TEST(Get(server.Url()).delivery == Delivery::kNoAnswer);
}

// libcurl repeats a request by itself when a kept connection turns out dead.
BOOST_AUTO_TEST_CASE(FreshConnectionIsNeverRepeated) {
  std::atomic<int> dropped{0};
  RawServer server([&](RawConnection& peer) {
    while (true) {
      const std::string request = peer.ReadRequest();
      if (request.empty()) return;
      if (request.starts_with("POST")) {
        ++dropped;
        return;
      }
      peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  });
  Get(server.Url());  // leaves a kept connection
  options.fresh_connection = true;
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNoAnswer);
  BOOST_TEST(dropped == 1);
}

// The same on a kept connection: it is repeated there, which is why receipts ask for a fresh one;
// and what came of it is still told truly.
BOOST_AUTO_TEST_CASE(RequestRepeatedOnAKeptConnectionIsNoAnswer) {
  std::atomic<int> dropped{0};
  RawServer server([&](RawConnection& peer) {
    while (true) {
      const std::string request = peer.ReadRequest();
      if (request.empty()) return;
      if (request.starts_with("POST")) {
        ++dropped;
        return;
      }
      peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  });
  Get(server.Url());
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNoAnswer);
  BOOST_TEST(dropped == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
