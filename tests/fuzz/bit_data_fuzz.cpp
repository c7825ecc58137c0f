// The JSON of BIT_DATA on its whole way: encoded as a client does, decoded, read by both readers.
// What is accepted must be acceptable again in the form it is stored in.
#include <cstdint>

#include "lib/base/check.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/commands.h"
#include "lib/protocol/bit/front.h"

namespace base = fiscalgate::base;
namespace bit = fiscalgate::protocol::bit;
namespace ffd = fiscalgate::ffd;

namespace {

void CheckStored(const bit::ReadPackageResult& package) {
  const auto again = bit::ReadPackage(package.commands_json, {});
  FG_CHECK(again.ok() && again->faults.empty());
  FG_CHECK(again->commands_json == package.commands_json);
  FG_CHECK(again->commands.size() == package.commands.size());
  for (std::size_t i = 0; i < package.commands.size(); ++i) {
    FG_CHECK(again->commands[i].type == package.commands[i].type);
    FG_CHECK(again->commands[i].name == package.commands[i].name);
    FG_CHECK(again->commands[i].value->FindText("type") == package.commands[i].type);
  }
}

void CheckSame(const bit::ReadPackageResult& a, const bit::ReadPackageResult& b) {
  FG_CHECK(a.commands_json == b.commands_json);
  FG_CHECK(a.faults.size() == b.faults.size());
  for (std::size_t i = 0; i < a.faults.size(); ++i) {
    FG_CHECK(a.faults[i].path == b.faults[i].path && a.faults[i].code == b.faults[i].code);
    FG_CHECK(!ffd::FaultText(a.faults[i], base::Language::kRussian).empty());
    FG_CHECK(!ffd::FaultText(a.faults[i], base::Language::kEnglish).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto form =
      bit::DecodeForm(base::BuildForm({{"BIT_ACCOUNT_ID", "1"},
                                       {"BIT_KKT_TOKEN", "t"},
                                       {"BIT_ORDER_ID", "7"},
                                       {"BIT_DATA", base::Base64Encode(base::PercentEncode(text))},
                                       {"BIT_SIGNATURE", "0"}}));
  if (!form.ok()) return 0;
  FG_CHECK(form->data == text);
  for (const bool lenient : {false, true}) {
    const auto one = bit::ReadPackage(form->data, {.lenient = lenient}, base::JsonReader::kJsoncpp);
    const auto two =
        bit::ReadPackage(form->data, {.lenient = lenient}, base::JsonReader::kSimdjson);
    FG_CHECK(one.ok() == two.ok());
    if (!one.ok()) return 0;
    CheckSame(*one, *two);
    if (one->faults.empty() && !lenient) CheckStored(*one);
  }
  return 0;
}
