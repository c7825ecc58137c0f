#include "lib/dispatch/attempt.h"

#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/http/url.h"

namespace fiscalgate::dispatch {
namespace {

using http::Delivery;
using protocol::FinishStep;
using protocol::PostponeStep;
using protocol::SendStep;
using task::State;

std::string Cut(const std::string& text) { return base::Truncate(text, base::kMaxErrorBytes); }

bool EndsAnAttempt(State state) {
  return state == State::kDone || state == State::kFailed || state == State::kUnknown;
}

Over Finish(FinishStep step, std::string result, int http_status) {
  Over over{std::move(step.outcome), std::move(result), http_status};
  if (!EndsAnAttempt(over.outcome.state)) {
    over.outcome.state = State::kUnknown;
    over.outcome.error = "исход не назван";
  }
  over.outcome.error = Cut(over.outcome.error);
  return over;
}

std::string ResultName(Delivery delivery) {
  if (delivery == Delivery::kNotSent) return "not_sent";
  return delivery == Delivery::kNoAnswer ? "no_answer" : "answered";
}

Over Lost(const std::string& error) {
  return {{State::kUnknown, Cut("ответ кассы потерян: " + error), {}}, "no_answer", 0};
}

Verdict Follow(const Attempt& attempt, protocol::Step step, const http::Answer& answer) {
  if (auto* send = std::get_if<SendStep>(&step)) return std::move(*send);
  const int status = answer.delivery == Delivery::kAnswered ? answer.response.status : 0;
  if (auto* finish = std::get_if<FinishStep>(&step)) {
    return Finish(std::move(*finish), ResultName(answer.delivery), status);
  }
  const std::string& reason = std::get<PostponeStep>(step).reason;
  const bool lost = answer.delivery == Delivery::kNoAnswer;
  const bool came = answer.delivery == Delivery::kAnswered;
  // Silence proves nothing. Putting off a question, on the other hand, sends nothing again.
  if (lost && attempt.kind == task::AttemptKind::kSend) return Lost(answer.error);
  return NotDone{Cut(reason), Cut(came ? reason : answer.error)};
}

}  // namespace

Verdict Judge(const Attempt&, protocol::Step step) {
  if (auto* send = std::get_if<SendStep>(&step)) return std::move(*send);
  if (auto* finish = std::get_if<FinishStep>(&step)) {
    return Finish(std::move(*finish), "not_sent", 0);
  }
  const std::string& reason = std::get<PostponeStep>(step).reason;
  return NotDone{Cut(reason), Cut(reason)};
}

Verdict Judge(const Attempt& attempt, const http::Answer& answer) {
  protocol::Step step = attempt.provider->OnAnswer(attempt.work(), answer);
  const bool first = attempt.answers <= 1;
  if (first && answer.delivery == Delivery::kNotSent && !std::get_if<PostponeStep>(&step)) {
    return NotDone{Cut("касса недоступна: " + answer.error), Cut(answer.error)};
  }
  return Follow(attempt, std::move(step), answer);
}

store::Claim ClaimOf(const Attempt& attempt, const Verdict& verdict, base::WallTime now) {
  store::Claim claim;
  claim.seq = attempt.head.task.seq;
  claim.from = attempt.head.task.state;
  claim.kind = attempt.kind;
  claim.lease = attempt.lease;
  claim.at = now;
  if (attempt.register_->via == task::Via::kAgent) {
    claim.sent_to = "agent";
    claim.agent = attempt.register_->agent_instance;
    return claim;
  }
  if (const auto* send = std::get_if<SendStep>(&verdict)) {
    const auto url = http::Url::Parse(send->request.url);
    if (url.ok()) claim.sent_to = url->Origin();
  }
  return claim;
}

store::Release ReleaseOf(const Attempt& attempt, const NotDone& end, base::WallTime now) {
  return {attempt.head.task.seq, attempt.lease, end.reason, end.detail, now, attempt.told};
}

store::Conclusion ConclusionOf(const Attempt& attempt, const Over& end, base::WallTime now) {
  store::Conclusion conclusion;
  conclusion.seq = attempt.head.task.seq;
  conclusion.lease = attempt.lease;
  conclusion.outcome = end.outcome;
  conclusion.result = end.result;
  conclusion.http_status = end.http_status;
  conclusion.detail = end.outcome.error;
  conclusion.at = now;
  conclusion.told = attempt.told;
  return conclusion;
}

task::Task Concluded(const Attempt& attempt, const store::Conclusion& conclusion) {
  task::Task task = attempt.head.task;
  task.state = conclusion.outcome.state;
  task.error = conclusion.outcome.error;
  task.error_code = conclusion.outcome.error_code;
  task.error_class = conclusion.outcome.error_class;
  task.lease.clear();
  task.wait_reason.clear();
  task.attempts += 1;
  task.changed_at = conclusion.at;
  return task;
}

}  // namespace fiscalgate::dispatch
