#include "lib/agents/message.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::agents {

using base::Code;

BOOST_AUTO_TEST_SUITE(agents_message)

BOOST_AUTO_TEST_CASE(RequestIsWrittenWithoutWhatBelongsToTheConnection) {
  http::Request request;
  request.method = "POST";
  request.url = "http://localhost:44735/";
  request.headers = {{"Host", "x"},
                     {"Content-Type", "application/json"},
                     {"content-length", "3"},
                     {"BIT_ORDER_ID", "Заказ 1"}};
  request.body = "[1]\r\n";
  BOOST_TEST(WriteRequest(request).value() ==
             "POST / HTTP/1.1\r\nContent-Type: application/json\r\nBIT_ORDER_ID: Заказ "
             "1\r\n\r\n[1]\r\n");
}

BOOST_AUTO_TEST_CASE(RequestThatWouldBreakItsFormIsRefused) {
  http::Request request;
  request.method = "POST";
  request.url = "http://localhost:44735/path?a=b";
  BOOST_TEST(WriteRequest(request).value().starts_with("POST /path?a=b HTTP/1.1\r\n"));
  request.headers = {{"BIT_ORDER_ID", "1\r\nX: y"}};
  BOOST_TEST((WriteRequest(request).error().code == Code::kInvalid));
  request.headers = {{"two words", "1"}};
  BOOST_TEST((WriteRequest(request).error().code == Code::kInvalid));
  request.headers.clear();
  request.url = "http://localhost/a b";
  BOOST_TEST((WriteRequest(request).error().code == Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(AnswerIsReadToTheByte) {
  const auto read =
      ReadResponse("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX:\t a b \r\n\r\n{\r\n}\0z");
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(read->status == 200);
  BOOST_TEST(http::FindHeader(read->headers, "x") == "a b");
  BOOST_TEST(read->body == "{\r\n}");
  BOOST_TEST(ReadResponse("HTTP/1.0 404\r\n\r\n")->status == 404);
  BOOST_TEST(ReadResponse("HTTP/1.1 500 \r\n\r\n")->status == 500);
}

BOOST_AUTO_TEST_CASE(AnythingElseIsNoAnswer) {
  for (const char* text :
       {"", "\r\n", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 999 X\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
        " HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: empty\r\n\r\n", "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n"}) {
    BOOST_TEST((!ReadResponse(text).ok() && ReadResponse(text).error().code == Code::kMalformed),
               text);
  }
}

BOOST_AUTO_TEST_CASE(WhatIsTooLargeIsRefused) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  BOOST_TEST(ReadResponse(head + "\r\n" + std::string(base::kMaxAnswerBytes, 'x')).ok());
  BOOST_TEST(
      (ReadResponse(head + "\r\n" + std::string(base::kMaxAnswerBytes + 1, 'x')).error().code ==
       Code::kTooLarge));
  BOOST_TEST(
      (ReadResponse(head + "A: " + std::string(base::kMaxAnswerHeaderBytes, 'x') + "\r\n\r\n")
           .error()
           .code == Code::kTooLarge));
  std::string many = head;
  for (std::size_t i = 0; i <= base::kMaxAgentHeaders; ++i) many += "A: b\r\n";
  BOOST_TEST((ReadResponse(many + "\r\n").error().code == Code::kTooLarge));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::agents
