// Whatever is lost, and whenever the gateway dies: one payment, and the task knows it.
#include <map>

#include "tests/unit/protocol/begateway/talker.h"

namespace fiscalgate::protocol::begateway::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using task::State;

constexpr char kPayments[] = "POST https://gateway.bepaid.by/transactions/payments";
constexpr char kByTracking[] =
    "GET https://gateway.bepaid.by/v2/transactions/tracking_id/01jd3q4c5e6f7g8h9jkmnpqrst";

// The provider, as far as these conversations go: one transaction a request id, printed at the
// second question.
class Provider {
 public:
  std::pair<int, std::string> Answer(const http::Request& request) {
    const std::string& url = request.url;
    if (request.method == "POST") return Post(request);
    if (url.find("/checkouts/") != std::string::npos) return TellPage();
    if (url.find("/tracking_id/") != std::string::npos) return {200, List(All())};
    const auto found = transactions_.find(url.substr(url.rfind('/') + 1));
    if (found == transactions_.end()) return {404, R"({"response":{"message":"No record"}})"};
    if (++found->second.questions > 1) found->second.said.fiscal = "successful";
    return {200, found->second.said.One()};
  }
  std::size_t payments() const { return transactions_.size(); }

 private:
  struct Kept {
    Said said;
    int questions = 0;
  };
  std::vector<Said> All() const {
    std::vector<Said> all;
    for (const auto& [uid, kept] : transactions_) all.push_back(kept.said);
    return all;
  }
  std::pair<int, std::string> Post(const http::Request& request) {
    if (request.url.ends_with("/checkouts")) {
      token_ = "t-" + std::to_string(++pages_);
      return {201, R"({"checkout":{"token":")" + token_ + R"(","redirect_url":"https://x.ru/p"}})"};
    }
    const std::string id(http::FindHeader(request.headers, "RequestID"));
    if (!uids_.contains(id)) uids_[id] = Make();
    return {200, transactions_[uids_[id]].said.One()};
  }
  // Somebody pays there at the first look.
  std::pair<int, std::string> TellPage() {
    if (paid_by_page_.empty()) paid_by_page_ = Make();
    return {200, R"({"checkout":{"token":")" + token_ +
                     R"(","gateway_response":{"payment":{"uid":")" + paid_by_page_ + "\"}}}}"};
  }
  std::string Make() {
    const std::string uid = "p-" + std::to_string(transactions_.size() + 1);
    transactions_[uid].said = Said{.uid = uid, .fiscal = "incomplete"};
    return uid;
  }
  std::map<std::string, Kept> transactions_;  // by uid
  std::map<std::string, std::string> uids_;   // by request id
  std::string token_, paid_by_page_;
  int pages_ = 0;
};

enum class Mishap { kNotSent, kLostBefore, kLostAfter, kDiesBefore, kDiesAfter, kGarbage };

// Has the `at`-th request of the conversation meet the mishap; false if there were not so many.
bool Converse(const std::string& package, Mishap mishap, int at, int times) {
  Talker talk(package);
  Provider provider;
  bool has_met = false;
  talk.Next();
  int sent = -1;
  while (!std::holds_alternative<Over>(talk.move())) {
    BOOST_REQUIRE(sent < 200);
    if (std::holds_alternative<Later>(talk.move())) {
      talk.now += talk.later().pause;
      talk.Next();
      continue;
    }
    const http::Request request = talk.ask().request;
    if (++sent < at || sent >= at + times) {
      const auto [status, body] = provider.Answer(request);
      talk.Hear(status, body);
      continue;
    }
    has_met = true;
    const bool has_arrived = mishap != Mishap::kNotSent && mishap != Mishap::kLostBefore &&
                             mishap != Mishap::kDiesBefore;
    if (has_arrived) provider.Answer(request);
    // After a restart nothing is left but the notes.
    if (mishap == Mishap::kDiesBefore || mishap == Mishap::kDiesAfter) talk.Next();
    if (mishap == Mishap::kNotSent) talk.Lose(http::Delivery::kNotSent);
    if (mishap == Mishap::kLostBefore || mishap == Mishap::kLostAfter) talk.Lose();
    if (mishap == Mishap::kGarbage) talk.Hear(200, "<html>");
  }
  BOOST_TEST((talk.outcome().state == State::kDone));
  BOOST_TEST(provider.payments() == 1u);
  return has_met;
}

BOOST_AUTO_TEST_SUITE(begateway_loss)

BOOST_AUTO_TEST_CASE(WhateverIsLostThereIsOnePaymentAndItIsDone) {
  for (const std::string& package : {ByToken(), Payment("")}) {
    for (const Mishap mishap : {Mishap::kNotSent, Mishap::kLostBefore, Mishap::kLostAfter,
                                Mishap::kDiesBefore, Mishap::kDiesAfter, Mishap::kGarbage}) {
      for (const int times : {1, 2, 5}) {
        int at = 0;
        while (Converse(package, mishap, at, times)) ++at;
        BOOST_TEST(at >= 3);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(ALostAnswerIsAskedForBeforeTheSameRequestIsRepeated) {
  Talker talk(ByToken());
  talk.Next();
  const std::string id(talk.Header("RequestID"));
  const std::string body = talk.ask().request.body;
  talk.Lose();
  BOOST_TEST(talk.later().is_service_trouble);
  BOOST_TEST((talk.later().state == State::kSending));
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID") == id);
  BOOST_TEST(talk.ask().request.body == body);
}

BOOST_AUTO_TEST_CASE(OursIsFoundAmongDuplicatesOfItsNumber) {
  Talker talk(ByToken());
  talk.Next();
  talk.Lose();
  talk.Next();
  talk.Hear(200, List({{.uid = "p-8", .type = "refund"},
                       {.uid = "p-7", .amount = 1700},
                       {.uid = "p-6", .status = "failed"},
                       {.uid = "p-5"},
                       {.uid = "p-4", .status = "pending"},
                       {.uid = "p-3", .tracking_id = "another"}}));
  BOOST_TEST((talk.later().state == State::kWaiting));
  talk.Next();
  BOOST_TEST(talk.Asked() == "GET https://gateway.bepaid.by/transactions/p-5");
}

BOOST_AUTO_TEST_CASE(WhatDidNotLeaveIsSentWithoutAQuestion) {
  Talker talk(ByToken());
  talk.Next();
  const std::string id(talk.Header("RequestID"));
  talk.Lose(http::Delivery::kNotSent);
  BOOST_TEST(talk.later().is_service_trouble);
  talk.Next();
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID") == id);
  // A repeat that did not leave says nothing of what it repeats.
  talk.Lose();
  talk.Next();
  talk.Hear(200, List({}));
  talk.Lose(http::Delivery::kNotSent);
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
}

BOOST_AUTO_TEST_CASE(AfterTwentyThreeHoursTheRequestIdIsAnotherIfThereIsNone) {
  Talker talk(ByToken());
  talk.Next();
  const std::string id(talk.Header("RequestID"));
  talk.Lose();
  talk.now += hours(23) - seconds(1);
  talk.Next();
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Header("RequestID") == id);
  talk.Lose();
  talk.now += seconds(2);
  talk.Next();
  // The repeat may still be worked on.
  talk.Hear(200, List({}));
  BOOST_TEST((talk.later().pause > minutes(9)));
  talk.now += talk.later().pause;
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID") != id);
  const std::string second(talk.Header("RequestID"));
  talk.Lose();
  talk.Next();
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Header("RequestID") == second);
}

// The payment is seconds old and may still be worked on, whatever the wall says.
BOOST_AUTO_TEST_CASE(AClockThatJumpsAheadMakesNoSecondPayment) {
  for (const std::string& package : {ByToken(), Payment(R"("method":{"type":"erip"})")}) {
    Talker talk(package);
    talk.Next();
    talk.Lose();
    talk.now += hours(30);
    talk.Next();
    talk.Hear(200, List({}));
    BOOST_TEST((talk.later().pause >= seconds(30)));
    talk.now += talk.later().pause;
    talk.Next();
    talk.Hear(200, List({{}}));
    BOOST_TEST((talk.later().state == State::kWaiting));
  }
}

BOOST_AUTO_TEST_CASE(AClockThatWasAheadHoldsNothingUp) {
  Talker talk(Payment(R"("method":{"type":"erip"})"));
  talk.Next();
  talk.Lose();
  talk.now -= hours(9000);
  talk.Next();
  talk.Hear(200, List({}));
  BOOST_TEST((talk.later().pause <= minutes(10)));
  talk.now += talk.later().pause;
  talk.Next();
  talk.Hear(200, List({}));
  BOOST_TEST(talk.ask().request.method == "POST");
}

BOOST_AUTO_TEST_CASE(AfterTwentyThreeHoursWhatIsThereIsTaken) {
  Talker talk(ByToken());
  talk.Next();
  talk.now += hours(40);
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({{.fiscal = "successful"}}));
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(ARefusalOfARepeatIsNotBelievedBeforeAQuestion) {
  const std::string refusal = R"({"response":{"message":"Duplicate transaction","errors":{}}})";
  const auto repeated = [&] {
    Talker talk(ByToken());
    talk.Next();
    talk.Lose();
    talk.Next();
    talk.Hear(200, List({}));
    talk.Hear(422, refusal);
    BOOST_TEST(talk.Asked() == kByTracking);
    return talk;
  };
  Talker taken = repeated();
  taken.Hear(200, List({{}}));
  BOOST_TEST((taken.later().state == State::kWaiting));
  Talker refused = repeated();
  // What it repeats may still be worked on.
  refused.Hear(200, List({}));
  BOOST_TEST((refused.later().pause >= minutes(9)));
  Talker late = refused;
  late.now += late.later().pause;
  late.Next();
  late.Hear(200, List({{}}));
  BOOST_TEST((late.later().state == State::kWaiting));
  refused.now += refused.later().pause;
  refused.Next();
  BOOST_TEST(refused.Asked() == kByTracking);
  refused.Hear(200, List({}));
  BOOST_TEST((refused.outcome().state == State::kFailed));
  BOOST_TEST(refused.outcome().error == "сервис отказал: Duplicate transaction");
}

BOOST_AUTO_TEST_CASE(AnAnswerAboutSomethingElseIsNotTaken) {
  Talker talk(ByToken());
  talk.Next();
  for (const Said& strange :
       {Said{.amount = 1}, Said{.type = "refund"}, Said{.tracking_id = "another"}}) {
    talk.Hear(200, strange.One());
    BOOST_TEST((talk.later().state == State::kSending));
    talk.Next();
    BOOST_TEST(talk.Asked() == kByTracking);
    talk.Hear(200, List({}));
    BOOST_TEST(talk.Asked() == kPayments);
  }
  talk.Hear(200, Said{}.One());
  talk.Next();
  talk.Hear(200, Said{.uid = "p-2", .fiscal = "successful"}.One());
  BOOST_TEST((talk.later().state == State::kWaiting));
}

BOOST_AUTO_TEST_CASE(ATransactionThatIsNoLongerKnownIsForAPersonAtLast) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{}.One());
  int questions = 0;
  while (std::holds_alternative<Later>(talk.move())) {
    BOOST_REQUIRE(++questions < 100);
    talk.Next();
    talk.Hear(404, R"({"response":{"message":"Record not found"}})");
  }
  BOOST_TEST(questions > 10);
  BOOST_TEST((talk.outcome().state == State::kUnknown));
}

BOOST_AUTO_TEST_CASE(NotesThatCannotBeReadAreForAPersonAndNeverANewPayment) {
  for (const char* notes : {"x", "{}", "[]", R"({"v":2})", R"({"v":1,"phase":"asking"})"}) {
    Talker talk(ByToken());
    talk.head.task.notes = notes;
    talk.Next();
    BOOST_TEST((talk.outcome().state == State::kUnknown));
    BOOST_TEST(talk.head.task.notes == notes);
    talk.Retry();
    BOOST_TEST((talk.outcome().state == State::kUnknown));
    talk.Hear(200, Said{}.One());
    BOOST_TEST((talk.outcome().state == State::kUnknown));
  }
  for (const int done : {0, 1}) {  // the card, or the receipt at another provider
    Talker talk(ByToken());
    talk.head.results = {{done, "", "", task::CommandState::kDone, "", "", {}}};
    talk.Next();
    BOOST_TEST((talk.outcome().state == State::kUnknown));
  }
}

BOOST_AUTO_TEST_CASE(AnotherShopInTheSettingsStopsWhatWasBegunWithTheFirst) {
  task::Register other = SampleRegister();
  other.settings["shop_id"] = "362";
  Talker talk(ByToken());
  talk.Next();
  talk.Open(other);
  talk.Next();
  BOOST_TEST((talk.outcome().state == State::kUnknown));
  talk.Open(SampleRegister());
  talk.Retry();
  BOOST_TEST(talk.Asked() == kByTracking);
  // A payment of the other currency would be another one.
  task::Register currency = SampleRegister();
  currency.settings["currency"] = "BYN";
  Talker paid(ByToken());
  paid.Next();
  paid.Open(currency);
  paid.Next();
  BOOST_TEST((paid.outcome().state == State::kUnknown));
  // What has not left may go to another.
  Talker fresh(ByToken());
  fresh.Next();
  fresh.Lose(http::Delivery::kNotSent);
  fresh.Open(other);
  fresh.Next();
  BOOST_TEST(fresh.Asked() == kPayments);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::begateway::testing
