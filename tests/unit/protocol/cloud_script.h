// Plays a conversation with a provider step by step, as the engine does: notes are stored before
// the request leaves, asks are counted, a state never goes back. At every step the account is
// opened anew and must go on from the stored notes alone, and no secret may be in what is kept or
// shown.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lib/http/url.h"
#include "lib/protocol/cloud.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::testing {

// What happens, and what the account makes of it.
//   "begin", "restart"   Next, at once
//   "next"               Next, after the pause of the last Later
//   "renew"              Next, with a new session
//   "retry"              Next, after an operator has had it tried again
//   "lost", "unsent"     no answer to the last request
//   "503 body"           an answer to it; "503+30 body" with Retry-After
struct Step {
  std::string happens, follows;
};

class Conversation {
 public:
  Conversation(const protocol::CloudProvider& provider, task::Register of, std::string commands)
      : provider_(provider), register_(std::move(of)) {
    head_.task.id = "0123456789abcdef0123456789abcdef";
    head_.task.number = 17;
    head_.task.state = task::State::kSending;
    head_.task.accepted_at = base::FromMillis(1'738'411'200'000);  // 01.02.2025 15:00 in Moscow
    head_.package.commands = std::move(commands);
    now_ = head_.task.accepted_at;
    NewSession();
  }

  void Play(const std::vector<Step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      BOOST_TEST_CONTEXT("step " << i << ": " << steps[i].happens.substr(0, 60)) {
        BOOST_TEST(Happen(steps[i].happens) == steps[i].follows);
      }
    }
  }

  // ---- what there is after a step
  const http::Request& request() const { return request_; }
  const http::SendOptions& options() const { return options_; }
  const task::Outcome& outcome() const { return outcome_; }
  const std::string& reason() const { return reason_; }
  store::LaneHead& head() { return head_; }
  void Advance(base::Milliseconds time) { now_ += time; }
  const task::Register& register_at() const { return register_; }
  void Change(task::Register to) { register_ = std::move(to); }

  std::shared_ptr<const protocol::CloudAccount> Account() const {
    auto account = provider_.Open(register_);
    BOOST_REQUIRE_MESSAGE(account.ok(), (account.ok() ? "" : account.error().what));
    return *account;
  }
  protocol::Talk TalkNow() const { return {head_, &session_, now_, asks_}; }

 private:
  std::string Happen(const std::string& what) {
    if (what == "next") now_ += pause_;
    if (what == "renew") NewSession();
    if (what == "retry") head_.task.state = task::State::kSending;
    for (const char* word : {"begin", "next", "renew", "retry", "restart"}) {
      if (what == word) return Apply(Account()->Next(TalkNow()));
    }
    return Apply(Account()->OnAnswer(TalkNow(), AnswerOf(what)));
  }

  static http::Answer AnswerOf(const std::string& what) {
    http::Answer answer;
    if (what == "lost" || what == "unsent") {
      answer.delivery = what == "lost" ? http::Delivery::kNoAnswer : http::Delivery::kNotSent;
      answer.error = what;
      return answer;
    }
    answer.delivery = http::Delivery::kAnswered;
    const std::size_t blank = what.find(' ');
    answer.response.status = std::stoi(what);
    if (what.size() > 3 && what[3] == '+') {
      answer.response.headers = {{"Retry-After", what.substr(4, blank - 4)}};
    }
    if (blank != std::string::npos) answer.response.body = what.substr(blank + 1);
    return answer;
  }

  void NewSession() {
    session_.access = base::Secret("access-token-" + std::to_string(++sessions_));
    session_.refresh = base::Secret("refresh-token-" + std::to_string(sessions_));
  }

  std::string Apply(protocol::Move move) {
    if (std::holds_alternative<protocol::Renew>(move)) return "renew";
    if (auto* over = std::get_if<protocol::Over>(&move)) return End(std::move(*over));
    if (auto* later = std::get_if<protocol::Later>(&move)) {
      Keep(later->notes, later->state);
      CheckSecrets(later->reason);
      reason_ = later->reason;
      pause_ = later->pause;
      return "later " + std::string(task::StateName(later->state)) + " " +
             std::to_string(pause_.count() / 1000) + (later->is_service_trouble ? " trouble" : "");
    }
    auto& ask = std::get<protocol::Ask>(move);
    Keep(ask.notes, ask.state);
    ++asks_;
    request_ = std::move(ask.request);
    options_ = std::move(ask.options);
    CheckRestart();
    return request_.method + " " + PathOf(request_) + " " + std::string(task::StateName(ask.state));
  }

  std::string End(protocol::Over over) {
    CheckSecrets(over.notes);
    CheckSecrets(over.outcome.error);
    for (const auto& result : over.outcome.commands) CheckSecrets(result.text + result.raw);
    head_.task.notes = std::move(over.notes);
    asks_ = 0;
    outcome_ = std::move(over.outcome);
    std::string text(task::StateName(outcome_.state));
    if (outcome_.state == task::State::kFailed) {
      text +=
          " " + outcome_.error_code + " " + std::string(task::ErrorClassName(outcome_.error_class));
    }
    if (outcome_.state != task::State::kDone) return text;
    BOOST_REQUIRE_EQUAL(outcome_.commands.size(), 1u);
    BOOST_REQUIRE(outcome_.commands[0].mark.has_value());
    return text + " " + ffd::QrText(*outcome_.commands[0].mark);
  }

  void Keep(const std::string& notes, task::State state) {
    const bool goes_back =
        head_.task.state == task::State::kWaiting && state == task::State::kSending;
    BOOST_TEST(!goes_back);
    BOOST_TEST(!notes.empty());
    CheckSecrets(notes);
    if (notes != head_.task.notes) asks_ = 0;
    head_.task.notes = notes;
    head_.task.state = state;
  }

  // Killed after the notes were stored: the request goes out again as it was, or something that
  // may always be repeated.
  void CheckRestart() {
    const protocol::Move move = Account()->Next(TalkNow());
    BOOST_REQUIRE(std::holds_alternative<protocol::Ask>(move));
    const http::Request& again = std::get<protocol::Ask>(move).request;
    if (again.method == "GET") return;
    BOOST_TEST(again.method == request_.method);
    BOOST_TEST(again.url == request_.url);
    BOOST_TEST(again.body == request_.body);
    BOOST_TEST((again.headers == request_.headers));
    BOOST_TEST(std::get<protocol::Ask>(move).notes == head_.task.notes);
  }

  static std::string PathOf(const http::Request& request) {
    const auto url = http::Url::Parse(request.url);
    BOOST_REQUIRE(url.ok());
    return url->path_and_query;
  }

  void CheckSecrets(const std::string& text) const {
    for (const auto& [name, secret] : register_.secrets) {
      BOOST_TEST(text.find(secret.Reveal()) == std::string::npos, name << " is in: " << text);
    }
    for (const base::Secret& token : {session_.access, session_.refresh}) {
      BOOST_TEST(text.find(token.Reveal()) == std::string::npos, "a token is in: " << text);
    }
  }

  const protocol::CloudProvider& provider_;
  task::Register register_;
  store::LaneHead head_;
  protocol::Session session_;
  int sessions_ = 0;
  base::WallTime now_;
  base::Milliseconds pause_{0};
  int asks_ = 0;
  http::Request request_;
  http::SendOptions options_;
  task::Outcome outcome_;
  std::string reason_;
};

// The receipt of that name in cloud/receipts.json as a package.
inline std::string PackageOf(std::string_view receipt) {
  const auto table = LoadTable("cloud/receipts.json");
  for (const base::JsonValue& row : table.root().items) {
    if (row.FindText("name") != receipt) continue;
    return R"([{"name":"Чек","type":"kktReceiptFiscalization","data":)" +
           std::string(row.Find("receipt")->raw) + "}]";
  }
  BOOST_FAIL("no such receipt");
  return {};
}

}  // namespace fiscalgate::testing
