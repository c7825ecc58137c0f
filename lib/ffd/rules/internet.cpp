#include "lib/ffd/rules/internet.h"

#include <algorithm>

namespace fiscalgate::ffd::rules {

bool IsSiteAddress(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme != std::string_view::npos) {
    const std::string_view name = text.substr(0, scheme);
    if (name != "http" && name != "https") return false;
    text.remove_prefix(scheme + 3);
  }
  const bool has_blank = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '@';
  });
  const std::string_view host = text.substr(0, text.find_first_of("/?#:"));
  const std::size_t dot = host.rfind('.');
  return !has_blank && dot != std::string_view::npos && dot > 0 && dot + 2 < host.size();
}

void CheckInternet(const Context& context) {
  const Receipt& receipt = context.receipt;
  if (!receipt.internet_1125) return;
  if (receipt.place_1187.empty()) {
    context.report.Add(FaultCode::kInternetPlaceMissing, {.tag = 1187});
  } else if (!IsSiteAddress(receipt.place_1187)) {
    context.report.Add(FaultCode::kInternetPlaceNotUrl, {.tag = 1187});
  }
  if (receipt.buyer_contact_1008.empty()) {
    context.report.Add(FaultCode::kInternetContactMissing, {.tag = 1008});
  }
}

void CheckAutomat(const Context& context) {
  const Receipt& receipt = context.receipt;
  if (receipt.automat_1036.empty()) return;
  if (receipt.address_1009.empty()) {
    context.report.Add(FaultCode::kAutomatAddressMissing, {.tag = 1009});
  }
  if (receipt.place_1187.empty()) {
    context.report.Add(FaultCode::kAutomatAddressMissing, {.tag = 1187});
  }
}

}  // namespace fiscalgate::ffd::rules
