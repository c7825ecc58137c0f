#include "lib/dispatch/attempt.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {
namespace {

struct Fixture {
  Fixture() {
    register_.name = "kkt";
    register_.url = "http://kkt/";
    provider = std::make_shared<ScriptedProvider>();
    attempt.head.task.seq = 7;
    attempt.head.task.register_key = 3;
    attempt.head.task.attempts = 2;
    attempt.register_ = &register_;
    attempt.provider = provider;
    attempt.lease = "lease";
    attempt.answers = 1;
  }
  Verdict Hear(const http::Answer& answer) { return Judge(attempt, answer); }
  const NotDone* AsNotDone(const Verdict& verdict) { return std::get_if<NotDone>(&verdict); }
  const Over* AsOver(const Verdict& verdict) { return std::get_if<Over>(&verdict); }

  task::Register register_;
  std::shared_ptr<ScriptedProvider> provider;
  Attempt attempt;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attempt, Fixture)

BOOST_AUTO_TEST_CASE(RegisterThatIsOffNeverMakesATaskFail) {
  provider->on_answer = [](auto&, auto&) { return ScriptedProvider::End(State::kFailed, "no"); };
  const Verdict verdict = Hear(NotAnswered(Delivery::kNotSent, "refused"));
  BOOST_REQUIRE(AsNotDone(verdict) != nullptr);
  BOOST_TEST(AsNotDone(verdict)->detail == "refused");
}

BOOST_AUTO_TEST_CASE(ProvidersReasonIsKeptWhenNothingWasSent) {
  const Verdict verdict = Hear(NotAnswered(Delivery::kNotSent, "refused"));
  BOOST_REQUIRE(AsNotDone(verdict) != nullptr);
  BOOST_TEST(AsNotDone(verdict)->reason == "register is off");
}

BOOST_AUTO_TEST_CASE(SecondRequestThatWasNotSentIsTheProvidersToJudge) {
  attempt.answers = 2;
  provider->on_answer = [](auto&, auto&) { return ScriptedProvider::End(State::kUnknown, "?"); };
  const Verdict verdict = Hear(NotAnswered(Delivery::kNotSent, "refused"));
  BOOST_REQUIRE(AsOver(verdict) != nullptr);
  BOOST_TEST(AsOver(verdict)->result == "not_sent");
}

BOOST_AUTO_TEST_CASE(SilenceIsNeverPutOffHoweverTheProviderReadsIt) {
  provider->on_answer = [](auto&, auto&) { return protocol::PostponeStep{"later"}; };
  const Verdict verdict = Hear(NotAnswered(Delivery::kNoAnswer, "time-out"));
  BOOST_REQUIRE(AsOver(verdict) != nullptr);
  BOOST_TEST((AsOver(verdict)->outcome.state == State::kUnknown));
  BOOST_TEST(AsOver(verdict)->result == "no_answer");
}

BOOST_AUTO_TEST_CASE(QuestionWithoutAnAnswerMayBePutOff) {
  attempt.kind = task::AttemptKind::kAsk;
  provider->on_answer = [](auto&, auto&) { return protocol::PostponeStep{"later"}; };
  BOOST_TEST(AsNotDone(Hear(NotAnswered(Delivery::kNoAnswer, "time-out"))) != nullptr);
}

BOOST_AUTO_TEST_CASE(AnswerThatRefusesPutsOff) {
  const Verdict verdict = Hear(Answered(404));
  BOOST_REQUIRE(AsNotDone(verdict) != nullptr);
  BOOST_TEST(AsNotDone(verdict)->reason == "refused");
}

BOOST_AUTO_TEST_CASE(OutcomeThatIsNoneIsUnknown) {
  provider->on_answer = [](auto&, auto&) { return ScriptedProvider::End(State::kQueued, ""); };
  const Verdict verdict = Hear(Answered(200, "done"));
  BOOST_REQUIRE(AsOver(verdict) != nullptr);
  BOOST_TEST((AsOver(verdict)->outcome.state == State::kUnknown));
  BOOST_TEST(!AsOver(verdict)->outcome.error.empty());
}

BOOST_AUTO_TEST_CASE(ErrorsAreCutToTheirLimit) {
  const std::string longish(10'000, 'x');
  provider->on_answer = [&](auto&, auto&) {
    return ScriptedProvider::End(State::kFailed, longish);
  };
  BOOST_TEST(AsOver(Hear(Answered(200)))->outcome.error.size() == base::kMaxErrorBytes);
  const Verdict off = Hear(NotAnswered(Delivery::kNotSent, longish));
  BOOST_TEST(AsNotDone(off)->detail.size() == base::kMaxErrorBytes);
}

BOOST_AUTO_TEST_CASE(ConclusionSaysWhatCameBack) {
  const base::WallTime now = base::FromMillis(5);
  const Verdict verdict = Hear(Answered(200, "failed"));
  const store::Conclusion conclusion = ConclusionOf(attempt, *AsOver(verdict), now);
  BOOST_TEST(conclusion.seq == 7);
  BOOST_TEST(conclusion.lease == "lease");
  BOOST_TEST(conclusion.result == "answered");
  BOOST_TEST(conclusion.http_status == 200);
  BOOST_TEST(conclusion.detail == "no paper");
  const task::Task task = Concluded(attempt, conclusion);
  BOOST_TEST((task.state == State::kFailed));
  BOOST_TEST(task.attempts == 3);
  BOOST_TEST(task.lease.empty());
}

BOOST_AUTO_TEST_CASE(ClaimNamesTheOriginOnly) {
  register_.url = "http://kkt.example:8080/secret/path?token=1";
  const Verdict verdict = Judge(attempt, provider->Start(attempt.work()));
  BOOST_TEST(ClaimOf(attempt, verdict, base::FromMillis(5)).sent_to == "http://kkt.example:8080");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
