#include "fcgi/emulator/begateway/gateway.h"
#include "fcgi/emulator/cloud/overlay.h"
#include "lib/protocol/begateway/mapping_table.h"

namespace fiscalgate::emulator::begateway {
namespace {

// Named, it would make every rate "no VAT" and leave no place beside an untaxed position: the
// register knows its own.
void LeaveOutTaxations(base::JsonWriter& json) {
  json.Key("taxation").BeginObject();
  for (const char* taxation : {"2", "4", "16", "32"}) json.Key(taxation).Null();
  json.EndObject();
}

}  // namespace

std::string Gateway::mapping() const {
  const std::string table = cloud::WriteOverlay(protocol::begateway::Table(), {});
  const auto document = base::ParseJson(table);
  FG_CHECK(document.ok());  // it was written here
  base::JsonWriter json;
  json.BeginObject();
  for (const auto& [group, values] : document->root().members) {
    if (group == "taxation") continue;
    json.Key(group).BeginObject();
    for (const auto& [key, value] : values.members) json.Key(key).Raw(value.raw);
    // How the price is made of a quantity.
    if (group == "field") json.Key("1023").Bool(true);
    json.EndObject();
  }
  LeaveOutTaxations(json);
  return json.EndObject().Take();
}

}  // namespace fiscalgate::emulator::begateway
