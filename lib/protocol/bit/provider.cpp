#include "lib/protocol/bit/provider.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/commands.h"
#include "lib/protocol/bit/device_news.h"
#include "lib/protocol/bit/driver_errors.h"

namespace fiscalgate::protocol::bit {
namespace {

using task::CommandResult;
using task::CommandState;

std::string Shorten(std::string_view text) { return base::Truncate(text, base::kMaxErrorBytes); }

bool IsDone(const std::vector<CommandResult>& results, std::size_t index) {
  return std::any_of(results.begin(), results.end(), [&](const CommandResult& result) {
    return result.state == CommandState::kDone && std::cmp_equal(result.index, index);
  });
}

// What is still to be done of a task.
struct Rest {
  std::string commands;  // JSON list
  std::vector<CommandResult> sent;
};

base::Result<Rest> RestOf(const store::LaneHead& head) {
  const auto package = base::ParseJson(head.package.commands);
  if (!package.ok()) return package.error();
  const auto& items = package->root().items;
  Rest rest;
  base::JsonWriter writer;
  writer.BeginArray();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (IsDone(head.results, i)) continue;
    writer.Raw(items[i].raw);
    rest.sent.push_back({static_cast<int>(i), std::string(items[i].FindText("name")),
                         std::string(items[i].FindText("type")), CommandState::kNotRun, "", "",
                         std::nullopt});
  }
  writer.EndArray();
  // Untouched to the last byte while nothing is done.
  rest.commands = rest.sent.size() == items.size() ? std::string(package->source()) : writer.Take();
  return rest;
}

// Results of earlier attempts that stand, and those of this one.
std::vector<CommandResult> Merge(const std::vector<CommandResult>& earlier,
                                 std::vector<CommandResult> now) {
  for (const CommandResult& result : earlier) {
    if (result.state == CommandState::kDone) now.push_back(result);
  }
  std::sort(now.begin(), now.end(),
            [](const CommandResult& a, const CommandResult& b) { return a.index < b.index; });
  return now;
}

FinishStep Finish(const Work& work, task::State state, std::string_view error,
                  std::vector<CommandResult> commands = {}) {
  return {{state, Shorten(error), Merge(work.head.results, std::move(commands))}};
}

const std::string& UrlOf(const Work& work) {
  // The agent knows where its driver is; only the path is taken from this.
  static const std::string kBesideAgent = "http://localhost:44735/";
  if (work.register_.via == task::Via::kAgent) return kBesideAgent;
  const std::string& posted = work.head.package.prog_url;
  return posted.empty() ? work.register_.url : posted;
}

BodyEncoding EncodingOf(std::string_view name) {
  if (name == "form") return BodyEncoding::kForm;
  if (name == "base64") return BodyEncoding::kBase64;
  if (name == "hex") return BodyEncoding::kHex;
  return BodyEncoding::kJson;
}

SendStep Send(const Work& work, const std::string& url, std::string commands) {
  const task::Register& to = work.register_;
  DriverRequest request{work.head.task.order_id, to.kkt_token.Reveal(), to.bank_token.Reveal(),
                        std::move(commands)};
  SendStep step;
  step.request = EncodeDriverRequest(
      request, url, to.header_generation == "1.2" ? HeaderGeneration::k12 : HeaderGeneration::k15,
      EncodingOf(to.body_encoding));
  step.options.total_timeout = std::chrono::milliseconds(to.timeout_ms);
  step.options.max_answer_bytes = base::kMaxAnswerBytes;
  step.options.pinned_public_key = to.pinned_public_key;
  step.options.fresh_connection = true;
  step.registered_address = url == to.url;
  return step;
}

FinishStep Fail(const Work& work, const std::string& error, std::vector<CommandResult> commands) {
  FinishStep step = Finish(work, task::State::kFailed, error, std::move(commands));
  const DriverError& known = ClassifyDriverError(error);
  step.outcome.error_code = known.code;
  step.outcome.error_class = known.error_class;
  return step;
}

// Whether what the gateway wanted of the shift is so already.
bool IsSoAlready(const Work& work, const CommandResult& failed) {
  if (!work.head.task.is_service()) return false;
  const std::string_view code = ClassifyDriverError(failed.text).code;
  const auto type = CommandTypeFromName(failed.type);
  return (type == CommandType::kCloseShift && code == kShiftNotOpen) ||
         (type == CommandType::kOpenShift && code == kShiftAlreadyOpen);
}

// A driver may refuse the whole list for the same reason.
void ReadRefusalOfService(const Work& work, DriverAnswer* answer) {
  if (!answer->refused || answer->entries.size() != 1) return;
  CommandResult as_failed = answer->entries.front();
  as_failed.text = answer->error;
  if (!IsSoAlready(work, as_failed)) return;
  answer->refused = false;
  as_failed.state = CommandState::kDone;
  answer->entries.front() = std::move(as_failed);
}

Step ReadAnswer(const Work& work, const std::string& body) {
  const auto rest = RestOf(work.head);
  if (!rest.ok()) return Finish(work, task::State::kUnknown, rest.error().what);
  auto answer = DecodeDriverAnswer(body, rest->sent);
  if (!answer.ok()) {
    return Finish(work, task::State::kUnknown, "ответ кассы непонятен: " + answer.error().what);
  }
  ReadRefusalOfService(work, &*answer);
  for (CommandResult& entry : answer->entries) {
    if (entry.state == CommandState::kFailed && IsSoAlready(work, entry)) {
      entry.state = CommandState::kDone;
    }
  }
  if (answer->refused) return Fail(work, answer->error, std::move(answer->entries));
  const auto failed =
      std::find_if(answer->entries.begin(), answer->entries.end(),
                   [](const CommandResult& entry) { return entry.state == CommandState::kFailed; });
  if (failed == answer->entries.end()) {
    return Finish(work, task::State::kDone, "", std::move(answer->entries));
  }
  const std::string error = failed->text.empty() ? "касса не назвала причину" : failed->text;
  return Fail(work, error, std::move(answer->entries));
}

CommandType TypeOf(task::Service service) {
  switch (service) {
    case task::Service::kOpenShift:
      return CommandType::kOpenShift;
    case task::Service::kCloseShift:
      return CommandType::kCloseShift;
    case task::Service::kXReport:
      break;
  }
  return CommandType::kXReport;
}

std::string_view TitleOf(task::Service service) {
  switch (service) {
    case task::Service::kOpenShift:
      return "Открытие смены";
    case task::Service::kCloseShift:
      return "Закрытие смены";
    case task::Service::kXReport:
      break;
  }
  return "X-отчёт";
}

// 408 and 409 are also said by what stands before a driver, of a request that it has passed on.
bool NothingWasRun(int status) {
  return status >= 400 && status < 500 && status != 408 && status != 409;
}

}  // namespace

Step BitProvider::Start(const Work& work) const {
  const std::string& url = UrlOf(work);
  if (url.empty()) return PostponeStep{"у кассы нет адреса"};
  auto rest = RestOf(work.head);
  if (!rest.ok()) {
    return Finish(work, task::State::kFailed,
                  "сохранённый пакет не читается: " + rest.error().what);
  }
  if (rest->sent.empty()) return Finish(work, task::State::kDone, "");
  return Send(work, url, std::move(rest->commands));
}

Step BitProvider::OnAnswer(const Work& work, const http::Answer& answer) const {
  switch (answer.delivery) {
    case http::Delivery::kNotSent:
      return PostponeStep{Shorten("касса недоступна: " + answer.error)};
    case http::Delivery::kNoAnswer:
      return Finish(work, task::State::kUnknown, "ответ кассы потерян: " + answer.error);
    case http::Delivery::kAnswered:
      break;
  }
  const int status = answer.response.status;
  if (status >= 200 && status < 300) return ReadAnswer(work, answer.response.body);
  const std::string said = "касса ответила HTTP " + std::to_string(status);
  if (NothingWasRun(status)) return PostponeStep{said};
  return Finish(work, task::State::kUnknown, said);
}

task::DeviceNews BitProvider::WhatIsKnown(const Work& work, const task::Outcome& outcome) const {
  return NewsOf(work, outcome);
}

bool BitProvider::IsShiftOver(const task::Outcome& outcome) const {
  if (outcome.error_code != kShiftOver24h || !ProvesShiftOver(outcome.error)) return false;
  // What else went wrong beside it may have been printed, or paid.
  return std::all_of(outcome.commands.begin(), outcome.commands.end(), [](const auto& result) {
    if (result.state != CommandState::kFailed) return true;
    const auto type = CommandTypeFromName(result.type);
    return type && !IsBankCommand(*type) && ProvesShiftOver(result.text);
  });
}

std::string BitProvider::ServiceCommands(task::Service service, const task::Register& r) const {
  base::JsonWriter writer;
  writer.BeginArray().BeginObject().Key("name").String(TitleOf(service));
  writer.Key("type").String(CommandTypeName(TypeOf(service)));
  if (!r.shift_cashier.empty()) {
    writer.Key("data").BeginObject().Key("cashierName_1021").String(r.shift_cashier).EndObject();
  }
  writer.EndObject().EndArray();
  return writer.Take();
}

bool BitProvider::CanAsk(const task::Register& register_) const { return register_.deduplicating; }

}  // namespace fiscalgate::protocol::bit
