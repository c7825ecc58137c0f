// What a register answers. Never a crash; what is understood can be told to the shop.
#include <cstdint>

#include "lib/base/check.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/protocol/bit/codec.h"

namespace base = fiscalgate::base;
namespace bit = fiscalgate::protocol::bit;
namespace task = fiscalgate::task;

namespace {

std::vector<task::CommandResult> Sent() {
  std::vector<task::CommandResult> sent;
  for (const char* type : {"kktReceiptFiscalization", "bnkCardPayment", "kktCashIn"}) {
    task::CommandResult result;
    result.index = static_cast<int>(sent.size());
    result.name = "Чек";
    result.type = type;
    sent.push_back(result);
  }
  return sent;
}

void CheckUnderstood(const bit::DriverAnswer& answer) {
  FG_CHECK(answer.entries.size() == Sent().size());
  for (const auto& entry : answer.entries) {
    FG_CHECK(entry.text.size() <= base::kMaxErrorBytes);
    FG_CHECK(!answer.refused || entry.state == task::CommandState::kNotRun);
  }
  task::Task task;
  task.state = task::State::kDone;
  FG_CHECK(base::ParseJson(bit::WriteShopResult(task, answer.entries, 1)).ok());
  const auto again = bit::DecodeDriverAnswer(bit::EncodeDriverAnswer(answer), Sent());
  FG_CHECK(again.ok() && again->refused == answer.refused);
  for (std::size_t i = 0; i < answer.entries.size(); ++i) {
    FG_CHECK(again->entries[i].state == answer.entries[i].state);
    FG_CHECK(again->entries[i].text == answer.entries[i].text);
    FG_CHECK(again->entries[i].mark.has_value() == answer.entries[i].mark.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto answer = bit::DecodeDriverAnswer(body, Sent());
  if (answer.ok()) {
    CheckUnderstood(*answer);
  } else {
    FG_CHECK(answer.error().code == base::Code::kBadAnswer);
  }
  return 0;
}
