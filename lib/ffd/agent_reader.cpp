#include "lib/ffd/agent_reader.h"

#include "lib/ffd/values.h"

namespace fiscalgate::ffd {
namespace {

std::vector<std::string>* PhonesOf(int tag, Agent& agent) {
  switch (tag) {
    case 1073:
      return &agent.agent_phones_1073;
    case 1074:
      return &agent.operator_phones_1074;
    default:
      return &agent.transfer_phones_1075;
  }
}

std::string* TextOf(int tag, Agent& agent) {
  switch (tag) {
    case 1005:
      return &agent.transfer_address_1005;
    case 1016:
      return &agent.transfer_inn_1016;
    case 1026:
      return &agent.transfer_name_1026;
    default:
      return &agent.operation_1044;
  }
}

}  // namespace

bool ReadAgentTag(const Tag& tag, const base::JsonValue& value, const Path& path, FaultSink& sink,
                  std::optional<Agent>* agent, std::optional<Supplier>* supplier) {
  const auto read = [&](std::string* text, std::vector<std::string>* phones) {
    text != nullptr ? ReadWord(value, path, sink, text) : ReadWords(value, path, sink, phones);
  };
  switch (tag.number) {
    case 1005:
    case 1016:
    case 1026:
    case 1044:
    case 1073:
    case 1074:
    case 1075:
      if (!*agent) agent->emplace();
      (*agent)->given.Insert(tag);
      if (tag.type == TagType::kPhone) {
        read(nullptr, PhonesOf(tag.number, **agent));
      } else {
        read(TextOf(tag.number, **agent), nullptr);
      }
      return true;
    case 1171:
    case 1225:
      if (!*supplier) supplier->emplace();
      (*supplier)->given.Insert(tag);
      tag.number == 1225 ? read(&(*supplier)->name_1225, nullptr)
                         : read(nullptr, &(*supplier)->phones_1171);
      return true;
    default:
      return false;
  }
}

}  // namespace fiscalgate::ffd
