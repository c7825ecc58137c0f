#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/driver_errors.h"
#include "lib/protocol/bit/entry.h"

namespace fiscalgate::protocol::bit {

std::string WriteShopResult(const task::Task& task, const std::vector<task::CommandResult>& results,
                            std::int64_t seq) {
  base::JsonWriter writer;
  writer.BeginObject();
  for (const task::CommandResult& result : results) {
    writer.Key(std::to_string(result.index));
    WriteEntry(result, EntryReader::kShop, &writer);
  }
  const bool done = task.state == task::State::kDone;
  writer.Key("result").Bool(done);
  if (!done && !task.error.empty()) writer.Key("error").String(task.error);
  if (!done && !task.error_code.empty()) {
    writer.Key("error_code").String(task.error_code);
    writer.Key("error_class").String(task::ErrorClassName(task.error_class));
    writer.Key("advice").String(AdviceFor(task.error_code, base::Language::kRussian));
  }
  if (task.paid_without_receipt) writer.Key("paid_without_receipt").Bool(true);
  writer.Key("id").String(task.id).Key("order_id").String(task.order_id);
  writer.Key("seq").Int(seq).Key("state").String(task::StateName(task.state));
  writer.EndObject();
  return writer.Take();
}

}  // namespace fiscalgate::protocol::bit
