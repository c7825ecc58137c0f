#include "lib/ffd/rules/versions.h"

#include <array>
#include <initializer_list>

namespace fiscalgate::ffd::rules {
namespace {

constexpr int kFirstMarkedSubject = 30;

template <typename Holds>
TagSet TagsThat(Holds holds) {
  TagSet set;
  for (const Tag& tag : AllTags()) {
    if (holds(tag)) set.Insert(tag);
  }
  return set;
}

// Tags that may not stand in the receipt itself (or in an item) of this version.
const TagSet& Absent(FfdVersion version, bool is_item) {
  static const auto sets = [] {
    std::array<std::array<TagSet, 2>, 3> all;
    for (const FfdVersion v : {FfdVersion::k105, FfdVersion::k11, FfdVersion::k12}) {
      const auto absent = [v](const Tag& tag) { return tag.Obligation(v) == '-'; };
      auto& of_version = all[static_cast<std::size_t>(v)];
      of_version[1] = TagsThat(absent);
      of_version[0] = TagsThat([&](const Tag& tag) {
        const bool is_old = (tag.places & kOldReceipt) != 0;
        return absent(tag) || (v == FfdVersion::k12 && is_old);
      });
    }
    return all;
  }();
  return sets[static_cast<std::size_t>(version)][is_item ? 1 : 0];
}

void CheckAbsent(const TagSet& given, int item, const Context& context) {
  const TagSet wrong = given & Absent(context.options.version, item >= 0);
  if (wrong.IsEmpty()) return;
  const auto severity = context.options.lenient ? Severity::kWarning : Severity::kError;
  wrong.ForEach([&](const Tag& tag) {
    context.report.Add(severity, FaultCode::kNotInVersion, {.tag = tag.number, .item = item},
                       std::to_string(tag.number));
  });
}

void AskFor(std::initializer_list<int> tags, const TagSet& given, const Spot& group,
            const Context& context) {
  for (const int tag : tags) {
    if (given.Has(tag)) continue;
    Spot spot = group;
    spot.tag = tag;
    context.report.Add(FaultCode::kMissing, spot);
  }
}

void AskForIndustries(const std::vector<Industry>& list, int item, int group,
                      const Context& context) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    AskFor({1262, 1263, 1264, 1265}, list[i].given,
           {.item = item, .group = group, .index = static_cast<int>(i)}, context);
  }
}

}  // namespace

void CheckVersion(const Context& context) {
  CheckAbsent(context.receipt.given, -1, context);
  ForEachItem(context, [&](const Item& item, int i) {
    CheckAbsent(item.given, i, context);
    if (item.subject_1212 >= kFirstMarkedSubject && context.options.version != FfdVersion::k12) {
      context.report.Add(FaultCode::kSubjectNotInVersion, {.tag = 1212, .item = i},
                         std::to_string(item.subject_1212));
    }
  });
}

void CheckGroupsAreWhole(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras) return;
    const int group = item.given.Has(1260) ? 1260 : 1261;  // the driver's place for them
    AskForIndustries(item.extras->industries_1260, i, group, context);
    if (item.extras->fraction_1291) {
      AskFor({1293, 1294}, item.extras->fraction_1291->given, {.item = i, .group = 1291}, context);
    }
  });
  if (!context.receipt.extras) return;
  const ReceiptExtras& extras = *context.receipt.extras;
  AskForIndustries(extras.industries_1261, -1, 1261, context);
  if (extras.user_attribute_1084) {
    AskFor({1085, 1086}, extras.user_attribute_1084->given, {.group = 1084}, context);
  }
  if (extras.operation_1270) {
    AskFor({1271, 1272, 1273}, extras.operation_1270->given, {.group = 1270}, context);
  }
  for (std::size_t i = 0; i < extras.cashless_1234.size(); ++i) {
    AskFor({1082, 1236, 1237}, extras.cashless_1234[i].given,
           {.group = 1234, .index = static_cast<int>(i)}, context);
  }
}

void CheckRegistersOwnTags(const Context& context) {
  // 1018 is compared with the register's own, and 2100 is the driver's; both are read.
  static const TagSet own = TagsThat([](const Tag& tag) {
    return tag.filled_by == FilledBy::kByDevice && tag.number != 1000 && tag.number != 1018 &&
           tag.number != 2100;
  });
  const auto tell = [&](const TagSet& given, int item) {
    const TagSet useless = given & own;
    if (useless.IsEmpty()) return;
    useless.ForEach([&](const Tag& tag) {
      context.report.Add(FaultCode::kFilledByRegister, {.tag = tag.number, .item = item},
                         std::to_string(tag.number));
    });
  };
  tell(context.receipt.given, -1);
  ForEachItem(context, [&](const Item& item, int i) { tell(item.given, i); });
}

}  // namespace fiscalgate::ffd::rules
