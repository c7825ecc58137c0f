#include "lib/ffd/rules/agents.h"

#include <bit>
#include <initializer_list>
#include <span>

namespace fiscalgate::ffd::rules {
namespace {

constexpr int kBankAgents = 1 | 2, kPayingAgents = 4 | 8;
constexpr int kBankTags[] = {1005, 1016, 1026, 1044, 1073, 1075};
constexpr int kPayingTags[] = {1073, 1074};
constexpr int kAllTags[] = {1005, 1016, 1026, 1044, 1073, 1074, 1075};

std::span<const int> TagsOf(int type) {
  if ((type & kBankAgents) != 0) return kBankTags;
  if ((type & kPayingAgents) != 0) return kPayingTags;
  return {};
}

bool Contains(std::span<const int> tags, int tag) {
  for (const int one : tags) {
    if (one == tag) return true;
  }
  return false;
}

// Before FFD 1.2 an agent may stand for the whole receipt.
bool IsOfReceipt(const Context& context) {
  return context.options.version != FfdVersion::k12 && context.receipt.extras &&
         context.receipt.extras->agent_type_1057 != 0;
}

void CheckData(int type, const TagSet& given, Spot spot, const Context& context) {
  const std::span<const int> wanted = TagsOf(type);
  for (const int tag : kAllTags) {
    spot.tag = tag;
    const bool is_wanted = Contains(wanted, tag);
    if (is_wanted && !given.Has(tag)) {
      context.report.Add(FaultCode::kAgentDataMissing, spot, std::to_string(tag));
    } else if (!is_wanted && given.Has(tag)) {
      context.report.Add(FaultCode::kAgentDataNotForKind, spot, std::to_string(tag));
    }
  }
}

}  // namespace

void CheckAgentType(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras) return;
    const ItemExtras& extras = *item.extras;
    const auto type = static_cast<unsigned>(extras.agent_type_1222);
    if (std::popcount(type) > 1) {
      context.report.Add(FaultCode::kSeveralAgentBits, {.tag = 1222, .item = i},
                         std::to_string(type));
    }
    const bool has_data =
        extras.agent_1223 || extras.supplier_1224 || !extras.supplier_inn_1226.empty();
    if (type == 0 && has_data && !IsOfReceipt(context)) {
      context.report.Add(FaultCode::kAgentTypeMissing, {.tag = 1222, .item = i});
    }
  });
}

void CheckSupplier(const Context& context) {
  const auto& of_receipt = context.receipt.extras ? context.receipt.extras->supplier : std::nullopt;
  const bool has_phone = IsOfReceipt(context) && of_receipt && !of_receipt->phones_1171.empty();
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || item.extras->agent_type_1222 == 0) return;
    if (item.extras->supplier_inn_1226.empty()) {
      context.report.Add(FaultCode::kSupplierInnMissing, {.tag = 1226, .item = i});
    }
    const auto& supplier = item.extras->supplier_1224;
    if (!supplier) {
      if (!has_phone) context.report.Add(FaultCode::kSupplierMissing, {.tag = 1224, .item = i});
      return;
    }
    for (const int tag : {1171, 1225}) {
      if (supplier->given.Has(tag)) continue;
      context.report.Add(FaultCode::kSupplierMissing, {.tag = tag, .item = i, .group = 1224},
                         std::to_string(tag));
    }
  });
}

void CheckAgentData(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || item.extras->agent_type_1222 == 0) return;
    if (IsOfReceipt(context) && !item.extras->agent_1223) return;
    const auto& agent = item.extras->agent_1223;
    CheckData(item.extras->agent_type_1222, agent ? agent->given : TagSet(),
              {.item = i, .group = 1223}, context);
  });
  if (!IsOfReceipt(context)) return;
  const auto& agent = context.receipt.extras->agent;
  CheckData(context.receipt.extras->agent_type_1057, agent ? agent->given : TagSet(), {}, context);
}

}  // namespace fiscalgate::ffd::rules
