#include "lib/http/client.h"

#include <algorithm>
#include <cstdlib>

#include "lib/base/limits.h"
#include "tests/unit/http/client_fixture.h"
#include "tests/unit/support/raw_server.h"

namespace fiscalgate::http {

using testing::RawConnection;
using testing::RawServer;

namespace {

constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

void AnswerAll(RawConnection& peer) {
  while (!peer.ReadRequest().empty() && peer.Write(kOk)) {
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client, ClientFixture)

BOOST_AUTO_TEST_CASE(AnswerHasStatusHeadersAndBody) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 418 Teapot\r\nX-One: 1\r\nx-two:  2 \r\nContent-Length: 3\r\n\r\ntea");
  });
  const Answer answer = Get(server.Url("/x?y=1"));
  BOOST_TEST(answer.delivery == Delivery::kAnswered);
  BOOST_TEST(answer.response.status == 418);
  BOOST_TEST(FindHeader(answer.response.headers, "x-one") == "1");
  BOOST_TEST(FindHeader(answer.response.headers, "X-Two") == "2");
  BOOST_TEST(answer.response.body == "tea");
  BOOST_TEST(answer.error == "");
}

BOOST_AUTO_TEST_CASE(RequestArrivesAsItWasGiven) {
  std::string seen;
  RawServer server([&](RawConnection& peer) {
    seen = peer.ReadRequest();
    peer.Write(kOk);
  });
  const std::string body("{\"a\":\"\0\xd1\x84\"}", 11);
  const Answer answer = Send({"POST",
                              server.Url("/a/../b?c=%41"),
                              "",
                              {{"bit_order_id", "7"},
                               {"BIT_BNK_TRM_TOKEN", ""},
                               {"0123456789abcdef", "1"},
                               {"Content-Type", "application/json"}},
                              body});
  BOOST_TEST(answer.response.status == 200);
  BOOST_TEST(seen.starts_with("POST /a/../b?c=%41 HTTP/1.1\r\n"));
  BOOST_TEST(seen.find("\r\nbit_order_id: 7\r\n") != std::string::npos);
  BOOST_TEST(seen.find("\r\nBIT_BNK_TRM_TOKEN:\r\n") != std::string::npos);
  BOOST_TEST(seen.find("\r\n0123456789abcdef: 1\r\n") != std::string::npos);
  BOOST_TEST(seen.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  BOOST_TEST(seen.find("Expect") == std::string::npos);
  BOOST_TEST(seen.ends_with("\r\n\r\n" + body));
}

BOOST_AUTO_TEST_CASE(BodyWithoutTypeIsSentWithoutType) {
  std::string seen;
  RawServer server([&](RawConnection& peer) {
    seen = peer.ReadRequest();
    peer.Write(kOk);
  });
  Send({"PUT", server.Url(), "", {}, "x"});
  BOOST_TEST(seen.starts_with("PUT / HTTP/1.1\r\n"));
  BOOST_TEST(seen.find("Content-Type") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(HeadHasNoBody) {
  RawServer server([&](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  });
  const Answer answer = Send({"HEAD", server.Url(), "", {}, ""});
  BOOST_TEST(answer.delivery == Delivery::kAnswered);
  BOOST_TEST(answer.response.body == "");
}

BOOST_AUTO_TEST_CASE(LargeBodyGoesThroughWhole) {
  std::size_t size = 0;
  RawServer server([&](RawConnection& peer) {
    size = peer.ReadRequest().size();
    peer.Write(kOk);
  });
  const Answer answer = Post(server.Url(), std::string(30 * 1024, 'x'));
  BOOST_TEST(answer.delivery == Delivery::kAnswered);
  BOOST_TEST(size > 30 * 1024u);
}

BOOST_AUTO_TEST_CASE(InterimAnswerIsNotTheAnswer) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    peer.WaitForClose();
  });
  const Answer answer = Post(server.Url(), "x");
  BOOST_TEST(answer.response.status == 204);
  BOOST_TEST(FindHeader(answer.response.headers, "X-Early") == "");
}

BOOST_AUTO_TEST_CASE(TrailersDoNotMixWithHeaders) {
  RawServer server([](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n");
    peer.WaitForClose();
  });
  const Answer answer = Get(server.Url());
  BOOST_TEST(answer.response.body == "ok");
  BOOST_TEST(FindHeader(answer.response.headers, "X-Late") == "");
}

BOOST_AUTO_TEST_CASE(RedirectIsAnAnswerAndNotFollowed) {
  RawServer target(AnswerAll);
  RawServer server([&](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target.Url() + "\r\n\r\n");
  });
  BOOST_TEST(Get(server.Url()).response.status == 302);
  BOOST_TEST(target.connections() == 0);
}

BOOST_AUTO_TEST_CASE(ProxyOfTheEnvironmentIsIgnored) {
  RawServer proxy(AnswerAll);
  RawServer server(AnswerAll);
  setenv("http_proxy", proxy.Url().c_str(), 1);
  setenv("ALL_PROXY", proxy.Url().c_str(), 1);
  const Answer answer = Get(server.Url());
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
  BOOST_TEST(answer.response.status == 200);
  BOOST_TEST(server.connections() == 1);
  BOOST_TEST(proxy.connections() == 0);
}

BOOST_AUTO_TEST_CASE(CookiesAreNotKept) {
  std::promise<std::string> second;
  RawServer server([&](RawConnection& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
    second.set_value(peer.ReadRequest());
    peer.Write(kOk);
  });
  Get(server.Url());
  Get(server.Url());
  BOOST_TEST(second.get_future().get().find("ookie") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(ConnectionIsKeptForTheNextRequest) {
  RawServer server(AnswerAll);
  Get(server.Url());
  Get(server.Url());
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(FreshConnectionIsNeitherReusedNorKept) {
  RawServer server(AnswerAll);
  Get(server.Url());
  options.fresh_connection = true;
  Get(server.Url());
  Get(server.Url());
  BOOST_TEST(server.connections() == 3);
}

BOOST_AUTO_TEST_CASE(DoneMaySendTheNextRequest) {
  RawServer server(AnswerAll);
  std::promise<Answer> second;
  client.Send({"GET", server.Url(), "", {}, ""}, options, [&](Answer) {
    client.Send({"GET", server.Url(), "", {}, ""}, options,
                [&](Answer answer) { second.set_value(std::move(answer)); });
  });
  BOOST_TEST(Await(second.get_future()).response.status == 200);
}

BOOST_AUTO_TEST_CASE(WhatMustNotBeSentIsRefusedBeforeAnyConnection) {
  RawServer server(AnswerAll);
  const std::string url = server.Url();
  const Request requests[] = {
      {"GET", "file:///etc/hostname", "", {}, ""},
      {"GET", "gopher://127.0.0.1:" + std::to_string(server.port()) + "/_x", "", {}, ""},
      {"GET", "http://user:pw@127.0.0.1:" + std::to_string(server.port()) + "/", "", {}, ""},
      {"GET", url, "", {{"X", "1\r\nY: 2"}}, ""},
      {"GET", url, "", {{"X\r\nY", "1"}}, ""},
      {"GET", url, "", {{"X: 1", "1"}}, ""},
      {"GET", url, "", {{"", "1"}}, ""},
      {"GET", url, "", {{"X", std::string("1\0", 2)}}, ""},
      {"GET / HTTP/1.1\r\nX:", url, "", {}, ""},
      {"", url, "", {}, ""}};
  for (const Request& request : requests) {
    const Answer answer = Send(request);
    BOOST_TEST(answer.delivery == Delivery::kNotSent);
    BOOST_TEST(answer.error != "");
  }
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(PlainHttpIsRefusedWhereItIsNotAllowed) {
  RawServer server(AnswerAll);
  options.allow_plain_http = false;
  BOOST_TEST(Get(server.Url()).delivery == Delivery::kNotSent);
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(PinIsNeverTakenForAFileNameNorIgnoredOnPlainHttp) {
  RawServer server(AnswerAll);
  options.pinned_public_key = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  BOOST_TEST(Get(server.Url()).delivery == Delivery::kNotSent);
  options.pinned_public_key = "/etc/hostname";
  const std::string https = "https://127.0.0.1:" + std::to_string(server.port());
  BOOST_TEST(Get(https).error.find("pin") != std::string::npos);
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
