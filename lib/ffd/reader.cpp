#include "lib/ffd/reader.h"

#include <algorithm>
#include <bit>

#include "lib/base/limits.h"
#include "lib/ffd/extras_reader.h"
#include "lib/ffd/group_visitor.h"
#include "lib/ffd/item_reader.h"
#include "lib/ffd/rules/payments.h"
#include "lib/ffd/rules/report.h"
#include "lib/ffd/rules/sums.h"
#include "lib/ffd/tag_visitor.h"
#include "lib/ffd/values.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonValue;
using base::Money;

constexpr std::uint64_t kTaxationBits = 0x3F;  // 1055: six regimes
// 1000 names the document; these words in it make it a form of strict accountability.
constexpr std::string_view kBsoWords[] = {"БСО", "строгой"};

class Reader {
 public:
  Reader(const Path& path, const ReadOptions& options, FaultSink& sink)
      : path_(path), options_(options), sink_(sink) {}

  Receipt Read(const JsonValue& object) {
    const TagSet seen = VisitTags(
        object, kReceipt | kOldReceipt, path_, sink_,
        [this](const Tag& tag, const JsonValue& value, const Path& here) {
          OnTag(tag, value, here);
        },
        [this](std::string_view key, const JsonValue& value, const Path& here) {
          return OnKey(key, value, here);
        });
    receipt_.given |= seen;
    for (const int number : {1054, 1055}) {
      if (!seen.Has(number)) sink_.Add(Path(path_, FindTag(number)->key), FaultCode::kMissing);
    }
    // Corrections of FFD 1.05 have no items.
    if (item_forms_ == 0 && !receipt_.IsCorrection()) {
      sink_.Add(Path(path_, "purchases"), FaultCode::kMissing);
    }
    if (!has_payments_) sink_.Add(Path(path_, "payments"), FaultCode::kMissing);
    if (!receipt_.items.empty() && sums_known_) CheckTotals(object);
    return std::move(receipt_);
  }

 private:
  void OnTag(const Tag& tag, const JsonValue& value, const Path& here) {
    std::string_view text;
    switch (tag.number) {
      case kItemTag:
        return OnItems(value, here);
      case 1000:
        if (ReadText(value, here, sink_, &text)) OnTitle(text);
        return;
      case 1011:
        ReadEnum(tag, value, here, sink_, &receipt_.zone_1011);
        return;
      case 1020:
        if (!ReadMoney(value, here, sink_, &receipt_.given_total_1020.emplace())) {
          receipt_.given_total_1020.reset();
        }
        return;
      case 1054:
        return OnType(tag, value, here);
      case 1055:
        return OnTaxation(value, here);
      case 1125:
        ReadFlag(tag, value, here, sink_, &receipt_.internet_1125);
        return;
      default:
        if (std::string* const word = WordOf(tag.number)) {
          return ReadWord(value, here, sink_, word);
        }
        if (!ReadReceiptExtra(tag, value, here, sink_, &receipt_)) {
          CheckTagValue(tag, value, here, sink_);
        }
    }
  }

  std::string* WordOf(int tag) {
    switch (tag) {
      case 1008:
        return &receipt_.buyer_contact_1008;
      case 1009:
        return &receipt_.address_1009;
      case 1021:
        return &receipt_.cashier_name_1021;
      case 1036:
        return &receipt_.automat_1036;
      case 1117:
        return &receipt_.sender_email_1117;
      case 1187:
        return &receipt_.place_1187;
      case 1192:
        return &receipt_.attribute_1192;
      case 1203:
        return &receipt_.cashier_inn_1203;
      default:
        return nullptr;
    }
  }

  void OnTitle(std::string_view title) {
    for (const std::string_view word : kBsoWords) {
      if (title.find(word) != std::string_view::npos) receipt_.is_bso = true;
    }
  }

  // Keys the driver knows by name.
  bool OnKey(std::string_view key, const JsonValue& value, const Path& here) {
    bool flag = false;
    if (key == "purchases") {
      if (!value.is_array()) {
        ++item_forms_;
        sums_known_ = false;
        sink_.Add(here, FaultCode::kWrongType, "array");
      } else {
        OnItems(value, here);
      }
    } else if (key == "payments") {
      OnPayments(value, here);
    } else if (key == "electronically") {
      if (ReadBool(value, here, sink_, &flag) && flag) receipt_.electronic = true;
    } else if (key == "printDoc") {
      if (ReadBool(value, here, sink_, &flag) && !flag) receipt_.electronic = true;
    } else if (key == "clientInfo") {
      if (!value.is_null()) ReadClientInfo(value, here, sink_, &receipt_);
    } else if (key == "agent") {
      if (!value.is_null()) OnAgent(value, here);
    } else {
      return false;
    }
    return true;
  }

  // FFD 1.05: an agent's tags for the whole receipt.
  void OnAgent(const JsonValue& value, const Path& here) {
    VisitGroup(value, here, sink_, [this](const Tag& tag, const JsonValue& v, const Path& there) {
      return ReadReceiptExtra(tag, v, there, sink_, &receipt_);
    });
  }

  // A list of items, or one item; several single ones add up, but not with a list.
  void OnItems(const JsonValue& value, const Path& here) {
    if (value.is_array() ? item_forms_ > 0 : has_item_list_) {
      sink_.Add(here, FaultCode::kDuplicateTag, std::to_string(kItemTag));
      return;
    }
    ++item_forms_;
    if (!value.is_array()) return AddItem(value, here);
    has_item_list_ = true;
    if (value.items.empty()) sink_.Add(here, FaultCode::kEmpty);
    receipt_.items.reserve(std::min(value.items.size(), base::kMaxItems));
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      if (i == base::kMaxItems) return TooManyItems(here);
      AddItem(value.items[i], Path(here, i));
    }
  }

  void AddItem(const JsonValue& value, const Path& here) {
    if (receipt_.items.size() == base::kMaxItems) {
      if (!too_many_items_) TooManyItems(here);
      too_many_items_ = true;
      return;
    }
    if (!ReadItem(value, here, sink_, &receipt_.items.emplace_back())) sums_known_ = false;
  }

  void TooManyItems(const Path& here) {
    sums_known_ = false;
    receipt_.is_cut = true;
    sink_.Add(here, FaultCode::kTooManyItems, std::to_string(options_.max_items));
  }

  void OnPayments(const JsonValue& object, const Path& here) {
    has_payments_ = true;
    if (!object.is_object()) {
      sums_known_ = false;
      sink_.Add(here, FaultCode::kWrongType, "object");
      return;
    }
    receipt_.given |= VisitTags(
        object, kPayments, here, sink_,
        [this](const Tag& tag, const JsonValue& value, const Path& there) {
          if (!ReadMoney(value, there, sink_, PaymentOf(tag.number))) sums_known_ = false;
        },
        [](std::string_view, const JsonValue&, const Path&) { return false; });
  }

  Money* PaymentOf(int tag) {
    switch (tag) {
      case 1031:
        return &receipt_.payments.cash_1031;
      case 1081:
        return &receipt_.payments.electronic_1081;
      case 1215:
        return &receipt_.payments.prepayment_1215;
      case 1216:
        return &receipt_.payments.credit_1216;
      default:
        FG_CHECK(tag == 1217);
        return &receipt_.payments.barter_1217;
    }
  }

  void OnType(const Tag& tag, const JsonValue& value, const Path& here) {
    // The sample of API 1.0 has 0 for a sale.
    if (options_.lenient && value.text == "0") {
      receipt_.type_1054 = 1;
      return sink_.Add(Severity::kWarning, here, FaultCode::kBadEnum, value.text);
    }
    ReadEnum(tag, value, here, sink_, &receipt_.type_1054);
  }

  void OnTaxation(const JsonValue& value, const Path& here) {
    std::int64_t number = 0;
    if (!ReadInt(value, here, sink_, &number)) return;
    const auto bits = static_cast<std::uint64_t>(number);
    if (bits == 0 || (bits & ~kTaxationBits) != 0) {
      sink_.Add(here, FaultCode::kBadEnum, std::to_string(number));
      return;
    }
    if (std::popcount(bits) > 1) {
      const auto severity = options_.lenient ? Severity::kWarning : Severity::kError;
      sink_.Add(severity, here, FaultCode::kSeveralBits, std::to_string(number));
    }
    receipt_.taxation_1055 = 1 << std::countr_zero(bits);
  }

  // Only when all sums could be read: else one fault would show as two.
  void CheckTotals(const JsonValue& object) {
    const PathFinder paths(&object, path_);
    const rules::Report report(paths, sink_);
    if (!rules::TotalFits(receipt_, report)) return;
    rules::CheckGivenTotal(receipt_, report);
    if (has_payments_) rules::CheckPayments(receipt_, options_.lenient, report);
  }

  const Path& path_;
  const ReadOptions& options_;
  FaultSink& sink_;
  Receipt receipt_;
  int item_forms_ = 0;  // lists and single items met
  bool has_item_list_ = false, too_many_items_ = false;
  bool has_payments_ = false;
  bool sums_known_ = true;
};

}  // namespace

Receipt ReadReceipt(const JsonValue& object, const std::string& path, const ReadOptions& options,
                    Faults* faults, Faults* warnings) {
  FaultSink sink(faults, warnings);
  const Path here(path);
  if (!object.is_object()) {
    sink.Add(here, FaultCode::kWrongType, "object");
    return {};
  }
  return Reader(here, options, sink).Read(object);
}

}  // namespace fiscalgate::ffd
