#include "lib/ffd/rules/texts.h"

#include <string>

#include "lib/base/limits.h"

namespace fiscalgate::ffd::rules {
namespace {

constexpr int kAgentGroup = 1223;

// What the order and the provider leave of a text's length; 0: no limit is known.
std::size_t MostOf(const Tag& tag, const Profile& profile) {
  switch (tag.number) {
    case 1005:
    case 1009:
    case 1187:
    case 1227:
    case 1254:
      return std::min(tag.max_bytes, profile.max_address);
    case 1030:
      return profile.max_name;
    default:
      return tag.max_bytes;
  }
}

// Counts, and tells of every text, group and item as it passes.
class Checker final : public TlvCounter<Checker> {
 public:
  explicit Checker(const Context& context)
      : context_(context), profile_(ProfileOf(context.options.provider)) {}

  void BeginItem(int index) { spot_ = {.item = index}; }
  void BeginGroup(int tag, int index) {
    spot_.group = tag;
    spot_.index = index;
  }

  void OnText(int number, const std::string& text, const Cp866Count& count) {
    if (count.is_changed) {
      context_.report.Add(FaultCode::kCharactersReplaced, At(number), Shown(number, text));
    }
    const std::size_t most = MostOf(*FindTag(number), profile_);
    if (most == 0 || count.bytes <= most || IsJudgedElsewhere(number)) return;
    context_.report.Add(FaultCode::kTooLong, At(number), std::to_string(most));
  }

  void OnGroup(int tag, std::size_t bytes) {
    const std::size_t own = FindTag(tag)->max_bytes;
    const std::size_t most = tag == kAgentGroup ? std::min(own, profile_.max_agent_bytes) : own;
    spot_.group = 0;
    spot_.index = 0;
    if (most != 0 && bytes > most) {
      context_.report.Add(FaultCode::kTooLong, At(tag), std::to_string(most));
    }
  }

  void OnItem(int index, std::size_t bytes) {
    spot_ = {};
    if (bytes <= base::kMaxItemTlvBytes) return;
    context_.report.Add(FaultCode::kItemTooLarge, {.item = index}, std::to_string(bytes));
  }

 private:
  Spot At(int tag) const {
    Spot spot = spot_;
    spot.tag = tag;
    return spot;
  }
  // INNs, phones, countries and codes of documents have faults of their own.
  static bool IsJudgedElsewhere(int tag) {
    const Tag& known = *FindTag(tag);
    return known.type == TagType::kInn || known.type == TagType::kPhone || known.fixed_length;
  }
  // A contact is never shown.
  static std::string Shown(int tag, const std::string& text) {
    return tag == 1008 ? std::string() : AsPrinted(text);
  }

  const Context& context_;
  const Profile& profile_;
  Spot spot_;
};

void CheckMarkingCodes(const Context& context, const Profile& profile) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || item.extras->marking_code_2000.size() <= profile.max_marking_code) return;
    context.report.Add(FaultCode::kTooLong, {.tag = 2000, .item = i},
                       std::to_string(profile.max_marking_code));
  });
}

void CheckUserAttribute(const Context& context, const Profile& profile) {
  if (profile.max_user_attribute == 0 || !context.receipt.extras ||
      !context.receipt.extras->user_attribute_1084) {
    return;
  }
  const UserAttribute& attribute = *context.receipt.extras->user_attribute_1084;
  const std::size_t bytes =
      CountCp866(attribute.name_1085).bytes + CountCp866(attribute.value_1086).bytes;
  if (bytes <= profile.max_user_attribute) return;
  context.report.Add(FaultCode::kTooLong, {.tag = 1084},
                     std::to_string(profile.max_user_attribute));
}

}  // namespace

TlvSize CheckTexts(const Context& context) {
  Checker checker(context);
  FieldVisitor<Checker>(context.options.version, checker)
      .Visit(context.receipt, TotalsOf(context.receipt));
  const Profile& profile = ProfileOf(context.options.provider);
  CheckMarkingCodes(context, profile);
  CheckUserAttribute(context, profile);
  const TlvSize size = checker.Size();
  if (size.document > base::kMaxDocumentTlvBytes) {
    context.report.Add(FaultCode::kDocumentTooLarge, {}, std::to_string(size.document));
  }
  return size;
}

}  // namespace fiscalgate::ffd::rules
