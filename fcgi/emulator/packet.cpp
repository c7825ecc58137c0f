#include "fcgi/emulator/packet.h"

#include <map>

#include "lib/base/crypto.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator {
namespace {

std::string ContentKey(const PacketCommand& command) {
  const base::JsonValue* cash = command.value->Find("cashSum");
  std::string content = command.type_text + "\n";
  content += command.data == nullptr ? std::string_view() : command.data->raw;
  content += "\n";
  content += cash == nullptr ? std::string_view() : cash->raw;
  return base::HexEncode(base::Sha256(content));
}

PacketCommand ReadCommand(const base::JsonValue& value) {
  PacketCommand command;
  command.value = &value;
  command.name = value.FindText("name");
  command.type_text = value.FindText("type");
  command.type = protocol::bit::CommandTypeFromName(command.type_text);
  if (command.type) command.type_text = protocol::bit::CommandTypeName(*command.type);
  command.data = value.Find("data");
  command.marks = MarksInCommand(value);
  return command;
}

}  // namespace

base::Result<Packet> ReadPacket(const protocol::bit::DriverRequest& request) {
  auto document = base::ParseJson(request.commands);
  if (!document) {
    return base::Error{base::Code::kMalformed,
                       "Список команд не является JSON: " + document.error().what};
  }
  Packet packet{request.order_id, std::move(document).value(), {}};
  const base::JsonValue& list = packet.document.root();
  if (!list.is_array() || list.items.empty()) {
    return base::Error{base::Code::kMalformed, "Ожидается непустой список команд"};
  }
  if (list.items.size() > base::kMaxCommands) {
    return base::Error{base::Code::kTooLarge, "Слишком много команд в списке"};
  }
  std::map<std::string, int> seen;
  for (const base::JsonValue& value : list.items) {
    if (!value.is_object()) {
      return base::Error{base::Code::kMalformed, "Команда должна быть объектом JSON"};
    }
    PacketCommand command = ReadCommand(value);
    const std::string content = ContentKey(command);
    command.key = content + "-" + std::to_string(++seen[content]);
    packet.commands.push_back(std::move(command));
  }
  return packet;
}

}  // namespace fiscalgate::emulator
