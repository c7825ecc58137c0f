// What a client posts to the emulated driver. The first byte chooses the headers.
#include <cstdint>

#include "lib/base/check.h"
#include "lib/protocol/bit/codec.h"

namespace bit = fiscalgate::protocol::bit;
namespace http = fiscalgate::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr const char* kTypes[] = {"application/json",  "application/x-www-form-urlencoded",
                                    "text/plain base64", "text/plain hex",
                                    "text/plain",        ""};
  http::Request request;
  request.method = "POST";
  request.headers = {{"content-type", kTypes[data[0] % 6]}, {"bit-order-id", "7"}};
  if ((data[0] & 0x80) != 0) {
    request.headers.insert(request.headers.end(), {{"action", "toLocalhost"}, {"token", "1"}});
  } else {
    request.headers.insert(request.headers.end(),
                           {{"action", "command_list"}, {"bit-kkt-token", "TOKEN"}});
  }
  request.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto read = bit::DecodeDriverRequest(request, {"TOKEN"});
  if (!read.ok()) return 0;
  FG_CHECK(read->kkt_token == "TOKEN");
  const auto encoding = static_cast<bit::BodyEncoding>(data[0] % 4);
  const auto sent =
      bit::EncodeDriverRequest(*read, "http://a", bit::HeaderGeneration::k15, encoding);
  const auto again = bit::DecodeDriverRequest(sent, {});
  // Text that begins like plain JSON is taken for it, so only a list comes back for certain.
  if (read->commands.starts_with('[')) FG_CHECK(again.ok() && again->commands == read->commands);
  return 0;
}
