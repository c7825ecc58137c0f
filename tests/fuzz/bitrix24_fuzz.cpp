// What a portal posts to be printed, as bytes from the network, up to the package it becomes.
#include <cstdint>

#include "lib/base/check.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/front.h"
#include "lib/protocol/bitrix24/package.h"

namespace base = fiscalgate::base;
namespace bit = fiscalgate::protocol::bit;
namespace bitrix24 = fiscalgate::protocol::bitrix24;
namespace ffd = fiscalgate::ffd;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto posted = bitrix24::ReadPosted(body);
  if (!posted.ok()) {
    FG_CHECK(!posted.error().what.empty() && base::IsValidUtf8(posted.error().what));
    return 0;
  }
  bitrix24::Problems problems;
  const bitrix24::Settings settings = bitrix24::ReadSettings(*posted, &problems);
  const bitrix24::Check check = bitrix24::ReadCheck(*posted, &problems);
  for (const bitrix24::Problem& each : problems) FG_CHECK(base::IsValidUtf8(each.russian));
  if (!problems.empty()) return 0;
  FG_CHECK(!check.uuid.empty());
  const std::string package =
      bitrix24::WritePackage(check, settings, ffd::FfdVersion::k12, &problems);
  FG_CHECK(package.empty() == !problems.empty());
  if (package.empty()) return 0;
  const auto read = bit::ReadPackage(package, ffd::CheckOptions());
  FG_CHECK(read.ok() || read.error().code == base::Code::kTooLarge);
  return 0;
}
