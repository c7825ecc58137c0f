// The whole form of create-receipt, as bytes from the network.
#include <cstdint>

#include "lib/base/check.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/front.h"

using fiscalgate::base::IsValidUtf8;
namespace base = fiscalgate::base;
namespace bit = fiscalgate::protocol::bit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  auto form = bit::DecodeForm(body);
  if (!form.ok()) {
    FG_CHECK(!form.error().what.empty());
    return 0;
  }
  FG_CHECK(!form->order_id.empty() && form->order_id.size() <= base::kMaxOrderIdBytes);
  FG_CHECK(IsValidUtf8(form->order_id) && IsValidUtf8(form->data) && IsValidUtf8(form->prog_url));
  FG_CHECK(form->data.find('\0') == std::string::npos);
  fiscalgate::task::Shop shop;
  shop.code = base::Secret("code");
  shop.accept_encoded_signature = true;
  bit::SignatureMatches(*form, shop, base::WallTime());
  form->signature = bit::Sign(*form, "code");
  FG_CHECK(bit::SignatureMatches(*form, shop, base::WallTime()));
  FG_CHECK(bit::ContentHash(*form).size() == 32);
  return 0;
}
