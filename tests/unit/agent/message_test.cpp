#include "fcgi/agent/message.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/agent/limits.h"

namespace fiscalgate::agent {
namespace {

using State = AnswerReader::State;

// Empty: refused.
std::string ForDriver(const std::string& message) {
  std::string why;
  return RequestForDriver(message, "localhost:44735", &why).value_or("");
}

// The message, or "!" and why not; in pieces of `piece` bytes.
std::string Read(std::string_view bytes, std::size_t piece, bool closes = true) {
  AnswerReader reader;
  State state = State::kMore;
  while (state == State::kMore && !bytes.empty()) {
    state = reader.Take(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (state == State::kMore && closes) state = reader.End();
  if (state == State::kMore) return "?";
  return state == State::kWhole ? reader.TakeMessage() : std::string("!") + reader.error();
}

BOOST_AUTO_TEST_SUITE(agent_message)

BOOST_AUTO_TEST_CASE(RequestKeepsItsBytes) {
  BOOST_TEST(ForDriver("POST /a?b HTTP/1.1\r\nBIT_BNK: \r\nA:b\r\n\r\nx\r\n\r\ny") ==
             "POST /a?b HTTP/1.1\r\nHost: localhost:44735\r\nBIT_BNK: \r\nA:b\r\n"
             "Content-Length: 6\r\nConnection: close\r\n\r\nx\r\n\r\ny");
}

BOOST_AUTO_TEST_CASE(RequestsThatCouldMeanSomethingElseAreRefused) {
  for (const char* bad :
       {"", "POST / HTTP/1.1\r\nA: b\r\n", "POST / HTTP/1.0\r\n\r\n",
        "POST http://x/ HTTP/1.1\r\n\r\n", "POST /a b HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "POST / HTTP/1.1\r\nA b\r\n\r\n",
        "POST / HTTP/1.1\r\nA: b\rc\r\n\r\n", "POST / HTTP/1.1\r\n A: b\r\n\r\n",
        "PO ST / HTTP/1.1\r\n\r\n"}) {
    BOOST_TEST(ForDriver(bad) == "", bad);
  }
}

BOOST_AUTO_TEST_CASE(AnswersAreReadHoweverTheyAreCut) {
  const struct {
    const char* bytes;
    const char* message;
  } kAnswers[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA:  b \r\n\r\nhello",
       "HTTP/1.1 200 OK\r\nA:  b \r\n\r\nhello"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello", "HTTP/1.1 200 OK\r\n\r\nhe"},
      {"HTTP/1.0 500 No\r\nConnection: close\r\n\r\nhello", "HTTP/1.0 500 No\r\n\r\nhello"},
      {"HTTP/1.1 200 OK\nA: b\n\nhello", "HTTP/1.1 200 OK\r\nA: b\r\n\r\nhello"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
       "HTTP/1.1 200 OK\r\n\r\n"},
      {"HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n"},
      {"HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n1;a\r\n!\r\n0\r\nT: "
       "x\r\n\r\n",
       "HTTP/1.1 200\r\n\r\nhello!"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
       "HTTP/1.1 200 OK\r\nA: b c\r\n\r\n"},
  };
  for (const auto& answer : kAnswers) {
    for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
      BOOST_TEST(Read(answer.bytes, piece) == answer.message);
    }
  }
}

BOOST_AUTO_TEST_CASE(EndInTheMiddleIsNoAnswer) {
  const std::string counted = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  for (const std::string& whole : {counted, chunked}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      BOOST_TEST(Read(whole.substr(0, size), 1000, false) == "?");
      BOOST_TEST(Read(whole.substr(0, size), 1000)[0] == '!');
    }
    BOOST_TEST(Read(whole, 1000, false) == "HTTP/1.1 200 OK\r\n\r\nhello");
  }
}

BOOST_AUTO_TEST_CASE(WhatIsNoAnswerIsSaidSo) {
  for (const char* bad :
       {"SSH-2.0-x\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
    BOOST_TEST(Read(bad, 1000)[0] == '!', bad);
  }
  BOOST_TEST(Read("HTTP/1.1 200 OK\r\nA: " + std::string(kMaxHeadBytes, 'x'), 4096)[0] == '!');
  BOOST_TEST(Read("HTTP/1.1 200 OK\r\n\r\n" + std::string(kMaxAnswerBytes, 'x'), 4096)[0] == '!');
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::agent
