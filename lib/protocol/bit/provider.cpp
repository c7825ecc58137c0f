#include "lib/protocol/bit/provider.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"

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

Step ReadAnswer(const Work& work, const std::string& body) {
  const auto rest = RestOf(work.head);
  if (!rest.ok()) return Finish(work, task::State::kUnknown, rest.error().what);
  auto answer = DecodeDriverAnswer(body, rest->sent);
  if (!answer.ok()) {
    return Finish(work, task::State::kUnknown, "ответ кассы непонятен: " + answer.error().what);
  }
  if (answer->refused) {
    return Finish(work, task::State::kFailed, answer->error, std::move(answer->entries));
  }
  const auto failed =
      std::find_if(answer->entries.begin(), answer->entries.end(),
                   [](const CommandResult& entry) { return entry.state == CommandState::kFailed; });
  if (failed == answer->entries.end()) {
    return Finish(work, task::State::kDone, "", std::move(answer->entries));
  }
  const std::string error = failed->text.empty() ? "касса не назвала причину" : failed->text;
  return Finish(work, task::State::kFailed, error, std::move(answer->entries));
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
  if (status >= 400 && status < 500) return PostponeStep{said};
  return Finish(work, task::State::kUnknown, said);
}

bool BitProvider::CanAsk(const task::Register& register_) const { return register_.deduplicating; }

}  // namespace fiscalgate::protocol::bit
