// A client and a way to wait for its answer, for the tests of this room.
#pragma once

#include <boost/test/unit_test.hpp>
#include <future>
#include <ostream>
#include <vector>

#include "lib/http/client.h"

namespace fiscalgate::http {

inline std::ostream& operator<<(std::ostream& out, Delivery delivery) {
  static const char* const kNames[] = {"not sent", "no answer", "answered"};
  return out << kNames[static_cast<int>(delivery)];
}

// Longer than any time-out of these tests: reaching it means that `done` was never called.
inline constexpr std::chrono::seconds kNever{30};

inline Answer Await(std::future<Answer> answer) {
  BOOST_REQUIRE(answer.wait_for(kNever) == std::future_status::ready);
  return answer.get();
}

struct ClientFixture {
  ClientFixture() { options.guard = std::make_shared<AddressGuard>(AddressGuard::AllowAll()); }

  std::future<Answer> Begin(Request request) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    client.Send(std::move(request), options,
                [promise](Answer got) { promise->set_value(std::move(got)); });
    return answer;
  }
  Answer Send(Request request) { return Await(Begin(std::move(request))); }
  Answer Get(const std::string& url) { return Send({"GET", url, "", {}, ""}); }
  Answer Post(const std::string& url, const std::string& body) {
    return Send({"POST", url, "", {{"Content-Type", "application/json"}}, body});
  }

  SendOptions options;
  Client client{2000};
};

}  // namespace fiscalgate::http
