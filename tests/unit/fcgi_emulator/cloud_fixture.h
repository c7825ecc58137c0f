// An emulated cloud service in a folder of its own, reached through its table of paths.
#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fcgi/emulator/cloud/routes.h"
#include "lib/base/json.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_exchange.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::testing {

struct CloudFixture {
  using Service = emulator::cloud::Service;
  using Make = std::function<base::Result<std::unique_ptr<Service>>(emulator::cloud::Cloud&)>;

  void Begin(Make maker) {
    make = std::move(maker);
    Restart();
  }
  // As after a crash: only the folder remains.
  void Restart() {
    router.reset();
    service.reset();
    cloud.reset();
    auto opened = emulator::cloud::Cloud::Open(dir.path(), clock);
    BOOST_REQUIRE(opened.ok());
    cloud = std::move(opened).value();
    auto made = make(*cloud);
    BOOST_REQUIRE(made.ok());
    service = std::move(made).value();
    router = std::make_unique<Router>(emulator::cloud::MakeRouter(*service, *cloud));
  }

  std::shared_ptr<FakeAnswer> Send(http::Request request) {
    auto exchange = std::make_unique<FakeExchange>(std::move(request), "127.0.0.1");
    auto answer = exchange->answer();
    router->Route(std::move(exchange));
    return answer;
  }
  // What the codecs write, whose address is absolute.
  http::Response Call(http::Request request) {
    constexpr std::string_view kHost = "http://h";
    if (request.url.starts_with(kHost)) request.url.erase(0, kHost.size());
    return Send(std::move(request))->Wait();
  }
  http::Response Control(std::string method, std::string path, std::string body = "") {
    return Send({std::move(method), std::move(path), "", {}, std::move(body)})->Wait();
  }
  void SetFault(const std::string& rule) {
    BOOST_REQUIRE(Control("POST", "/emulator/faults", rule).status == 200);
  }
  void Processed() { clock.Advance(base::Milliseconds(emulator::cloud::kDefaultProcessingMs)); }
  base::JsonDocument View(const std::string& path) {
    const http::Response response = Control("GET", path);
    BOOST_TEST(response.status == 200);
    auto document = base::ParseJson(response.body);
    BOOST_REQUIRE(document.ok());
    return std::move(document).value();
  }
  std::size_t CountPrinted() { return View("/emulator/documents").root().items.size(); }

  TempDir dir;
  FakeClock clock;
  Make make;
  std::unique_ptr<emulator::cloud::Cloud> cloud;
  std::unique_ptr<Service> service;
  std::unique_ptr<Router> router;
};

inline bool IsDropped(const http::Response& response) {
  return http::FindHeader(response.headers, "X-Accel-Redirect") == "/emulator-drop" &&
         response.body.empty();
}

}  // namespace fiscalgate::testing
