#include "lib/ffd/item_reader.h"

#include <string>

#include "lib/base/text.h"
#include "lib/ffd/extras_reader.h"
#include "lib/ffd/rules/sums.h"
#include "lib/ffd/tag_visitor.h"
#include "lib/ffd/values.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonValue;

constexpr int kRequired[] = {1030, 1079, 1023, 1199, 1214, 1212};
// Shops that write the rate in percent: it has had no number since 2019.
constexpr std::string_view kRetiredRates[] = {"18", "118"};

class Reader {
 public:
  Reader(const Path& path, FaultSink& sink, Item* item) : path_(path), sink_(sink), item_(*item) {}

  bool Read(const JsonValue& object) {
    const TagSet seen = VisitTags(
        object, kItem, path_, sink_,
        [this](const Tag& tag, const JsonValue& value, const Path& here) {
          OnTag(tag, value, here);
        },
        [this](std::string_view key, const JsonValue& value, const Path& here) {
          if (key != "agent" && key != "markirovka") return false;
          if (!value.is_null()) ReadItemGroup(value, here, sink_, &item_);
          return true;
        });
    item_.given |= seen;
    for (const int number : kRequired) {
      if (!seen.Has(number)) sink_.Add(Path(path_, FindTag(number)->key), FaultCode::kMissing);
    }
    return ReadSum(seen.Has(1043));
  }

 private:
  void OnTag(const Tag& tag, const JsonValue& value, const Path& here) {
    switch (tag.number) {
      case 1030:
        return OnName(value, here);
      case 1079:
        has_price_ = ReadMoney(value, here, sink_, &item_.price_1079);
        return;
      case 1023:
        return OnQuantity(value, here);
      case 1043:
        has_sum_ = ReadMoney(value, here, sink_, &item_.sum_1043);
        return;
      case 1199:
        return OnVat(tag, value, here);
      case 1212:
        ReadEnum(tag, value, here, sink_, &item_.subject_1212);
        return;
      case 1214:
        ReadEnum(tag, value, here, sink_, &item_.method_1214);
        return;
      case 2108:
        ReadEnum(tag, value, here, sink_, &item_.unit_2108);
        return;
      case 1191:
        return ReadWord(value, here, sink_, &item_.attribute_1191);
      default:
        if (!ReadItemExtra(tag, value, here, sink_, &item_)) CheckTagValue(tag, value, here, sink_);
    }
  }

  void OnName(const JsonValue& value, const Path& here) {
    std::string_view name;
    if (!ReadText(value, here, sink_, &name)) return;
    if (base::Trim(name).empty()) sink_.Add(here, FaultCode::kEmpty);
    item_.name_1030 = name;
  }

  void OnQuantity(const JsonValue& value, const Path& here) {
    if (!ReadQuantity(value, here, sink_, &item_.quantity_1023)) return;
    has_quantity_ = item_.quantity_1023.millionths > 0;
    if (!has_quantity_) sink_.Add(here, FaultCode::kOutOfRange, "0");
  }

  void OnVat(const Tag& tag, const JsonValue& value, const Path& here) {
    for (const std::string_view retired : kRetiredRates) {
      if (value.text == retired) return sink_.Add(here, FaultCode::kVatRetired, retired);
    }
    ReadEnum(tag, value, here, sink_, &item_.vat_1199);
  }

  // 1043 = 1079 x 1023: checked if it is given, computed if not.
  bool ReadSum(bool is_given) {
    if (!has_price_ || !has_quantity_ || has_sum_ != is_given) return has_sum_;
    const auto product = base::Multiply(item_.price_1079, item_.quantity_1023);
    const Path here(path_, FindTag(1043)->key);
    if (!product) {
      sink_.Add(here, FaultCode::kOutOfRange);
      return false;
    }
    if (!is_given) {
      item_.sum_1043 = *product;
      return true;
    }
    if (!rules::SumsAgree(item_.sum_1043, *product)) {
      sink_.Add(here, FaultCode::kItemSumMismatch, base::FormatMoney(*product));
    }
    return true;
  }

  const Path& path_;
  FaultSink& sink_;
  Item& item_;
  bool has_price_ = false, has_quantity_ = false, has_sum_ = false;
};

}  // namespace

bool ReadItem(const JsonValue& value, const Path& path, FaultSink& sink, Item* item) {
  if (!value.is_object()) {
    sink.Add(path, FaultCode::kWrongType, "object");
    return false;
  }
  return Reader(path, sink, item).Read(value);
}

}  // namespace fiscalgate::ffd
