// What each provider takes: the limits of its interface, below those of FFD. Constant data; any
// thread.
//
// Sources: ATOL Online, protocol of version 4 (100 items, sums, three places, phones of 18); Orange
// Data, API 2.31 (about 250 items, six places, lengths). BIFIT and beGateway publish
// quantities of three and six places and little else; the BIT driver states no limits: where none
// is known, those of FFD hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fiscalgate::ffd {

enum class Provider { kBit, kAtol, kOrangeData, kBifit, kBegateway };

struct Profile {
  Provider provider;
  std::string_view name;  // "orangedata"
  std::size_t max_items;
  std::size_t max_name;          // 1030, in characters
  std::int64_t max_sum_kopecks;  // 1079, 1043 and 1020
  int quantity_places;           // 1023
  std::int64_t max_quantity_millionths;
  std::size_t max_address;         // 1005, 1009, 1187, 1227, 1254
  std::size_t max_phone;           // with its plus
  std::size_t max_marking_code;    // 2000
  std::size_t max_agent_bytes;     // 1223, as TLV
  std::size_t max_user_attribute;  // 1085 and 1086 together, 0: only each its own
  bool contact_may_be_none;        // 1008: "none"
  bool needs_exact_sums;           // computes price x quantity itself: no kopeck of difference
};

const Profile& ProfileOf(Provider provider);
std::optional<Provider> ProviderNamed(std::string_view name);

}  // namespace fiscalgate::ffd
