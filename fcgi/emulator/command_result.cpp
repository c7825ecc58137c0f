#include "fcgi/emulator/command_result.h"

#include <array>
#include <utility>

#include "lib/base/json.h"

namespace fiscalgate::emulator {
namespace {

std::string_view WordsFor(std::string_view kind) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kWords = {{
      {"receipt", "Чек пробит"},
      {"open_shift", "Смена открыта"},
      {"close_shift", "Смена закрыта"},
      {"x_report", "X-отчёт напечатан"},
      {"open_drawer", "Денежный ящик открыт"},
      {"cash_in", "Внесение выполнено"},
      {"cash_out", "Выплата выполнена"},
      {"card_payment", "Оплата одобрена"},
      {"card_return", "Возврат одобрен"},
      {"card_reconciliation", "Сверка итогов выполнена"},
  }};
  for (const auto& [name, words] : kWords) {
    if (name == kind) return words;
  }
  return "Выполнено";
}

task::CommandResult DoneWith(std::string_view words) {
  task::CommandResult result;
  result.state = task::CommandState::kDone;
  result.text = words;
  return result;
}

}  // namespace

task::CommandResult Done(const register_::Printed& document) {
  task::CommandResult result = DoneWith(WordsFor(document.kind));
  if (document.kind == "receipt") {
    result.mark = document.mark;
    return result;
  }
  base::JsonWriter writer;
  writer.BeginObject();
  if (document.fd_1040 > 0) writer.Key("fd_1040").Int(document.fd_1040);
  if (document.shift_1038 > 0) writer.Key("shift_1038").Int(document.shift_1038);
  writer.Key("printedText").String(document.text).EndObject();
  result.raw = writer.Take();
  return result;
}

task::CommandResult Done(const register_::Slip& slip) {
  task::CommandResult result = DoneWith(WordsFor(slip.kind));
  base::JsonWriter writer;
  writer.BeginObject();
  if (!slip.rrn.empty()) writer.Key("rrn").String(slip.rrn);
  writer.Key("slip").String(slip.text).EndObject();
  result.raw = writer.Take();
  return result;
}

task::CommandResult DoneText(std::string_view words, std::string_view printed_text) {
  task::CommandResult result = DoneWith(words);
  if (printed_text.empty()) return result;
  base::JsonWriter writer;
  writer.BeginObject().Key("slip").String(printed_text).EndObject();
  result.raw = writer.Take();
  return result;
}

void AddDeviceTags(const DeviceTags& tags, task::CommandResult* result) {
  const auto entry = base::ParseJson(result->raw);
  if (!entry) return;
  base::JsonWriter writer;
  writer.BeginObject();
  for (const base::JsonMember& member : entry->root().members) {
    writer.Key(member.key).Raw(member.value.raw);
  }
  writer.Key("unsentDocuments_1097").Int(tags.unsent_1097);
  if (!tags.first_unsent_1098.empty()) {
    writer.Key("firstUnsentDate_1098").String(tags.first_unsent_1098);
  }
  writer.Key("fnReplace_1050").Bool(tags.fn_replace_1050);
  writer.Key("fnExhausted_1051").Bool(tags.fn_exhausted_1051);
  writer.Key("fnMemory_1052").Bool(tags.fn_memory_1052);
  writer.Key("ofdTimeout_1053").Bool(tags.ofd_timeout_1053).EndObject();
  result->raw = writer.Take();
}

task::CommandResult Failed(std::string_view words) {
  task::CommandResult result;
  result.state = task::CommandState::kFailed;
  result.text = words;
  return result;
}

}  // namespace fiscalgate::emulator
