#include "fcgi/server.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "fcgi/error_reply.h"
#include "lib/base/limits.h"
#include "tests/unit/support/fcgi_client.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate {
namespace {

using testing::FcgiClient;
using testing::Fetch;

class FunctionHandler final : public Handler {
 public:
  explicit FunctionHandler(std::function<void(ExchangePtr)> act) : act_(std::move(act)) {}
  void Handle(ExchangePtr exchange) override { act_(std::move(exchange)); }

 private:
  std::function<void(ExchangePtr)> act_;
};

// Keeps exchanges until the test takes them.
class Lot final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override {
    std::lock_guard lock(mutex_);
    parked_.push_back(std::move(exchange));
    arrived_.notify_all();
  }
  ExchangePtr Take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !parked_.empty(); });
    ExchangePtr exchange = std::move(parked_.front());
    parked_.pop_front();
    return exchange;
  }
  void WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return parked_.size() >= count; });
  }
  void Clear() {
    std::lock_guard lock(mutex_);
    parked_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<ExchangePtr> parked_;
};

http::Response Text(std::string body) { return {200, {{"Content-Type", "text/plain"}}, body}; }

// Says back what it was asked.
void Echo(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  std::string body = request.method + " " + request.url + "?" + request.query + " from " +
                     exchange->remote_address() + "\n";
  for (const auto& [name, value] : request.headers) body += name + ": " + value + "\n";
  exchange->Reply(Text(body + "\n" + request.body));
}

struct Running {
  explicit Running(ServerOptions options = {}) {
    options.socket = dir.File("fcgi.sock");
    if (options.threads == 0) options.threads = 2;
    socket = options.socket;
    auto listening = Server::Listen(options);
    BOOST_REQUIRE_MESSAGE(listening.ok(), (listening.ok() ? "" : listening.error().what));
    server = std::move(listening).value();
    Router router;
    auto echo = std::make_shared<FunctionHandler>(Echo);
    router.Add("GET", "/echo", echo);
    router.Add("POST", "/echo", echo);
    router.Add("GET", "/lot", lot);
    router.Add("GET", "/throw", std::make_shared<FunctionHandler>([](ExchangePtr exchange) {
                 ExchangePtr held = std::move(exchange);
                 throw std::runtime_error("on purpose");
               }));
    router.Add("GET", "/drop",
               std::make_shared<FunctionHandler>([](ExchangePtr exchange) { exchange.reset(); }));
    server->Start(router);
  }

  testing::TempDir dir;
  std::string socket;
  std::shared_ptr<Lot> lot = std::make_shared<Lot>();
  std::unique_ptr<Server> server;
};

http::Request Get(std::string path) { return {"GET", std::move(path), "", {}, ""}; }
http::Request Post(std::string body) { return {"POST", "/echo", "", {}, std::move(body)}; }

int StatusOf(const std::optional<http::Response>& response) {
  return response ? response->status : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ServerTest)

BOOST_AUTO_TEST_CASE(HandlerSeesMethodPathQueryHeadersAndAddress) {
  Running running;
  http::Request request = Get("/echo");
  request.query = "after=7&limit=2";
  request.headers = {{"accept-language", "en"}, {"x-request-id", "a b"}};
  const auto response = Fetch(running.socket, request);
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->status == 200);
  BOOST_TEST(
      response->body ==
      "GET /echo?after=7&limit=2 from 192.0.2.7\naccept-language: en\nx-request-id: a b\n\n");
  BOOST_TEST(http::FindHeader(response->headers, "status") == "200 OK");
  BOOST_TEST(http::FindHeader(response->headers, "content-length") ==
             std::to_string(response->body.size()));
}

BOOST_AUTO_TEST_CASE(ContentTypeIsAHeader) {
  Running running;
  http::Request request = Post("a=1");
  request.headers = {{"content-type", "text/x-test"}};
  const auto response = Fetch(running.socket, request);
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->body.find("content-type: text/x-test\n\na=1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(PathComesFromTheRequestUriWhenNothingElseTellsIt) {
  Running running;
  FcgiClient client(running.socket);
  client.SendRaw(
      FcgiClient::Begin(false) +
      FcgiClient::ParamRecords({{"REQUEST_METHOD", "GET"}, {"REQUEST_URI", "/echo?x=1"}}) +
      FcgiClient::Stream(5, ""));
  const auto response = client.ReadResponse();
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->body.substr(0, 9) == "GET /echo");
}

BOOST_AUTO_TEST_CASE(BodyOfTheGreatestSizeArrivesWhole) {
  Running running;
  std::string body(base::kMaxBodyBytes, 'x');
  for (std::size_t i = 0; i < body.size(); i += 977) body[i] = static_cast<char>(i);
  const auto response = Fetch(running.socket, Post(body));
  BOOST_REQUIRE(response.has_value());
  BOOST_REQUIRE(response->body.size() > body.size());
  BOOST_TEST((response->body.substr(response->body.size() - body.size()) == body));
}

BOOST_AUTO_TEST_CASE(BodyOverTheLimitIsReadToItsEndAndAnswered413) {
  Running running;
  BOOST_TEST(StatusOf(Fetch(running.socket, Post(std::string(base::kMaxBodyBytes + 1, 'x')))) ==
             413);
  BOOST_TEST(StatusOf(Fetch(running.socket, Post(std::string(5 * base::kMaxBodyBytes, 'x')))) ==
             413);
  BOOST_TEST(StatusOf(Fetch(running.socket, Get("/echo"))) == 200);
}

BOOST_AUTO_TEST_CASE(BodyShorterThanAnnouncedIsMalformed) {
  Running running;
  FcgiClient client(running.socket);
  client.SendRaw(
      FcgiClient::Begin(false) +
      FcgiClient::ParamRecords(
          {{"REQUEST_METHOD", "POST"}, {"DOCUMENT_URI", "/echo"}, {"CONTENT_LENGTH", "10"}}) +
      FcgiClient::Stream(5, "four"));
  BOOST_TEST(StatusOf(client.ReadResponse()) == 400);
}

BOOST_AUTO_TEST_CASE(LyingLengthDoesNotCutTheBody) {
  Running running;
  FcgiClient client(running.socket);
  client.SendRaw(
      FcgiClient::Begin(false) +
      FcgiClient::ParamRecords(
          {{"REQUEST_METHOD", "POST"}, {"DOCUMENT_URI", "/echo"}, {"CONTENT_LENGTH", "2"}}) +
      FcgiClient::Stream(5, std::string(10'000, 'y')));
  const auto response = client.ReadResponse();
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->body.find(std::string(10'000, 'y')) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AnswerLongerThanARecordArrivesWhole) {
  Running running;
  const std::string body(100'000, 'z');
  const auto response = Fetch(running.socket, Post(body));
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->body.size() > body.size());
}

BOOST_AUTO_TEST_CASE(AHandlerSeesThatItsPeerHasGoneBeforeItWasRead) {
  testing::TempDir dir;
  ServerOptions options;
  options.socket = dir.File("fcgi.sock");
  options.threads = 1;
  const auto server = std::move(Server::Listen(options)).value();
  FcgiClient stays(options.socket);
  stays.Send(Get("/stays"));
  FcgiClient(options.socket).Send(Get("/gone"));
  std::promise<bool> gone;
  Router router;
  router.Add("GET", "/stays", std::make_shared<FunctionHandler>([](ExchangePtr exchange) {
               exchange->Reply(Text(exchange->peer_is_gone() ? "gone" : "there"));
             }));
  router.Add("GET", "/gone", std::make_shared<FunctionHandler>([&](ExchangePtr exchange) {
               gone.set_value(exchange->peer_is_gone());
             }));
  server->Start(router);
  BOOST_TEST(gone.get_future().get());
  BOOST_TEST(stays.ReadResponse().value().body == "there");
  server->Stop();
}

BOOST_AUTO_TEST_CASE(ParkedRequestIsAnsweredFromAnotherThread) {
  Running running;
  FcgiClient client(running.socket);
  client.Send(Get("/lot"));
  std::thread([&] { running.lot->Take()->Reply(Text("late")); }).join();
  const auto response = client.ReadResponse();
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->body == "late");
  BOOST_TEST(client.AtEnd());
}

BOOST_AUTO_TEST_CASE(ThousandParkedRequestsCostNoThread) {
  Running running;
  std::vector<FcgiClient> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.emplace_back(running.socket);
    clients.back().Send(Get("/lot"));
  }
  running.lot->WaitFor(1000);
  BOOST_TEST(StatusOf(Fetch(running.socket, Get("/echo"))) == 200);
  for (int i = 0; i < 1000; ++i) running.lot->Take()->Reply(Text("now"));
  int answered = 0;
  for (auto& client : clients) answered += StatusOf(client.ReadResponse()) == 200;
  BOOST_TEST(answered == 1000);
  BOOST_TEST(running.server->parked() == 0u);
}

BOOST_AUTO_TEST_CASE(OneParkedTooManyIsAnswered503) {
  ServerOptions options;
  options.max_parked = 1;
  Running running(options);
  FcgiClient first(running.socket);
  first.Send(Get("/lot"));
  running.lot->WaitFor(1);
  // It is counted when its handler has returned.
  while (running.server->parked() == 0) std::this_thread::yield();
  const auto second = Fetch(running.socket, Get("/lot"));
  BOOST_TEST(StatusOf(second) == 503);
  running.lot->Take()->Reply(Text("first"));
  BOOST_TEST(StatusOf(first.ReadResponse()) == 200);
}

BOOST_AUTO_TEST_CASE(ExchangeThatIsDroppedIsAnswered503) {
  Running running;
  const auto response = Fetch(running.socket, Get("/drop"));
  BOOST_TEST(StatusOf(response) == 503);
  BOOST_TEST(http::FindHeader(response->headers, "Retry-After") == "1");
  FcgiClient client(running.socket);
  client.Send(Get("/lot"));
  running.lot->WaitFor(1);
  running.lot->Clear();
  BOOST_TEST(StatusOf(client.ReadResponse()) == 503);
}

BOOST_AUTO_TEST_CASE(HandlerThatThrowsIsAnswered500) {
  Running running;
  BOOST_TEST(StatusOf(Fetch(running.socket, Get("/throw"))) == 500);
  BOOST_TEST(StatusOf(Fetch(running.socket, Get("/echo"))) == 200);
}

BOOST_AUTO_TEST_CASE(StopAnswersWhatIsParked) {
  ServerOptions options;
  options.stop_grace = std::chrono::milliseconds(0);
  Running running(options);
  std::vector<FcgiClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(running.socket);
    clients.back().Send(Get("/lot"));
  }
  running.lot->WaitFor(50);
  running.server->Stop();
  for (auto& client : clients) {
    const auto response = client.ReadResponse();
    BOOST_REQUIRE(response.has_value());
    BOOST_TEST(response->status == 503);
    BOOST_TEST(http::FindHeader(response->headers, "Retry-After") == "1");
  }
  // Too late, and harmless.
  running.lot->Take()->Reply(Text("late"));
}

BOOST_AUTO_TEST_CASE(StopWaitsForThoseWhoAnswerInTime) {
  ServerOptions options;
  options.stop_grace = std::chrono::seconds(20);
  Running running(options);
  FcgiClient client(running.socket);
  client.Send(Get("/lot"));
  ExchangePtr exchange = running.lot->Take();
  std::thread stopping([&] { running.server->Stop(); });
  exchange->Reply(Text("in time"));
  stopping.join();
  const auto response = client.ReadResponse();
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->body == "in time");
}

BOOST_AUTO_TEST_CASE(ExchangeMayOutliveTheServer) {
  ServerOptions options;
  options.stop_grace = std::chrono::milliseconds(0);
  ExchangePtr exchange;
  {
    Running running(options);
    FcgiClient client(running.socket);
    client.Send(Get("/lot"));
    exchange = running.lot->Take();
    running.server.reset();
    BOOST_TEST(StatusOf(client.ReadResponse()) == 503);
  }
  exchange->Reply(Text("to nobody"));
}

BOOST_AUTO_TEST_CASE(KeptConnectionServesOneAfterAnother) {
  Running running;
  FcgiClient client(running.socket);
  for (int i = 0; i < 20; ++i) {
    client.Send(Post("number " + std::to_string(i)), true);
    const auto response = client.ReadResponse();
    BOOST_REQUIRE(response.has_value());
    BOOST_TEST(response->body.find("number " + std::to_string(i)) != std::string::npos);
  }
  client.Send(Get("/lot"), true);
  running.lot->Take()->Reply(Text("parked"));
  BOOST_TEST(StatusOf(client.ReadResponse()) == 200);
}

BOOST_AUTO_TEST_CASE(IdleConnectionsHoldNoThread) {
  Running running;
  std::vector<FcgiClient> silent;
  for (int i = 0; i < 64; ++i) silent.emplace_back(running.socket);
  for (int i = 0; i < 10; ++i) BOOST_TEST(StatusOf(Fetch(running.socket, Get("/echo"))) == 200);
  silent.back().Send(Get("/echo"));
  BOOST_TEST(StatusOf(silent.back().ReadResponse()) == 200);
}

BOOST_AUTO_TEST_CASE(HostileRecordsCloseTheirOwnConnectionOnly) {
  Running running;
  const std::string begin = FcgiClient::Begin(false);
  const std::string params =
      FcgiClient::ParamRecords({{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/echo"}});
  const std::string huge_lengths("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
  const std::string hostile[] = {
      std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
      std::string(4096, '\xff'),
      std::string(4096, '\0'),
      begin.substr(0, 5),
      begin,
      begin + params.substr(0, params.size() / 2),
      begin + FcgiClient::Record(4, huge_lengths),
      begin + FcgiClient::Record(4, "\x7f"),
      begin + params + FcgiClient::Record(5, "half").substr(0, 10),
      FcgiClient::Record(1, std::string("\0\7\0\0\0\0\0\0", 8)) + params,
      begin + begin + begin,
      params,
  };
  for (const std::string& bytes : hostile) {
    FcgiClient client(running.socket);
    client.SendRaw(bytes);
    client.ShutdownWrite();
    const auto response = client.ReadResponse();
    const int status = StatusOf(response);
    BOOST_TEST((status == 0 || status >= 400), "answered " << status);
  }
  BOOST_TEST(StatusOf(Fetch(running.socket, Get("/echo"))) == 200);
}

BOOST_AUTO_TEST_CASE(SecondInstanceIsToldThatTheFirstIsAlive) {
  Running running;
  ServerOptions options;
  options.socket = running.socket;
  const auto second = Server::Listen(options);
  BOOST_REQUIRE(!second.ok());
  BOOST_TEST((second.error().code == base::Code::kConflict));
  BOOST_TEST(StatusOf(Fetch(running.socket, Get("/echo"))) == 200);
}

BOOST_AUTO_TEST_CASE(SocketLeftBehindIsReplacedAndOursIsRemoved) {
  testing::TempDir dir;
  ServerOptions options;
  options.socket = dir.File("left.sock");
  options.socket_mode = 0640;
  const int file = open(options.socket.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  BOOST_REQUIRE(file >= 0);
  close(file);
  {
    auto server = Server::Listen(options);
    BOOST_REQUIRE(server.ok());
    struct stat info {};
    BOOST_REQUIRE(stat(options.socket.c_str(), &info) == 0);
    BOOST_TEST(S_ISSOCK(info.st_mode));
    BOOST_TEST((info.st_mode & 0777) == 0640u);
  }
  BOOST_TEST(access(options.socket.c_str(), F_OK) != 0);
}

BOOST_AUTO_TEST_CASE(SocketThatCannotBeOpenedIsAClearError) {
  ServerOptions options;
  options.socket = "/nonexistent/fcgi.sock";
  BOOST_TEST((Server::Listen(options).error().code == base::Code::kNotFound));
  options.socket = "shop.example:9000";
  BOOST_TEST((Server::Listen(options).error().code == base::Code::kMalformed));
  options.socket = "";
  BOOST_TEST((Server::Listen(options).error().code == base::Code::kMalformed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
