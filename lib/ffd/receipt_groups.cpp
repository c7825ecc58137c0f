// The groups of the receipt itself.
#include "lib/base/text.h"
#include "lib/ffd/agent_reader.h"
#include "lib/ffd/extras_reader.h"
#include "lib/ffd/group_visitor.h"
#include "lib/ffd/industry_reader.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonValue;

bool ReadBuyerTag(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink,
                  Buyer* buyer) {
  const auto read = [&](std::string* out) {
    ReadWord(value, path, sink, out);
    return true;
  };
  switch (tag.number) {
    case 1227:
      return read(&buyer->name_1227);
    case 1228:
      return read(&buyer->inn_1228);
    case 1243:
      ReadDateText(value, path, sink, &buyer->birth_date_1243);
      return true;
    case 1244:
      return read(&buyer->citizenship_1244);
    case 1245:
      return read(&buyer->document_code_1245);
    case 1246:
      return read(&buyer->document_1246);
    case 1254:
      return read(&buyer->address_1254);
    default:
      return false;
  }
}

void ReadUserAttribute(const JsonValue& value, const Path& path, FaultSink& sink,
                       UserAttribute* out) {
  out->given =
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        if (tag.number != 1085 && tag.number != 1086) return false;
        ReadWord(v, p, sink, tag.number == 1085 ? &out->name_1085 : &out->value_1086);
        return true;
      });
}

void ReadOperation(const JsonValue& value, const Path& path, FaultSink& sink,
                   OperationAttribute* out) {
  out->given =
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        if (tag.number == 1271) return ReadEnum(tag, v, p, sink, &out->id_1271), true;
        if (tag.number == 1272) return ReadWord(v, p, sink, &out->data_1272), true;
        if (tag.number != 1273) return false;
        ReadDate(v, p, sink, &out->time_1273.emplace());
        return true;
      });
}

void ReadCashlessDetail(const JsonValue& value, const Path& path, FaultSink& sink,
                        CashlessDetail* out) {
  out->given =
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        switch (tag.number) {
          case 1082:
            return ReadMoney(v, p, sink, &out->sum_1082), true;
          case 1236:
            return ReadEnum(tag, v, p, sink, &out->method_1236), true;
          case 1237:
            return ReadWord(v, p, sink, &out->id_1237), true;
          case 1238:
            return ReadWord(v, p, sink, &out->more_1238), true;
          default:
            return false;
        }
      });
}

// 1234 holds 1235, one or a list; a list may also stand at once.
void ReadCashless(const JsonValue& value, const Path& path, FaultSink& sink,
                  std::vector<CashlessDetail>* out) {
  const auto read = [&](const JsonValue& one, const Path& here) {
    ReadCashlessDetail(one, here, sink, &out->emplace_back());
  };
  if (value.is_array()) return ForEachGroup(value, path, read);
  VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
    if (tag.number != 1235) return false;
    ForEachGroup(v, p, read);
    return true;
  });
}

void ReadCorrectionBasis(const JsonValue& value, const Path& path, FaultSink& sink,
                         CorrectionBasis* out) {
  out->given =
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        DateTime date;
        switch (tag.number) {
          case 1177:
            return ReadWord(v, p, sink, &out->description_1177), true;
          case 1178:
            if (ReadDate(v, p, sink, &date)) out->date_1178 = date;
            return true;
          case 1179:
            return ReadWord(v, p, sink, &out->number_1179), true;
          default:
            return false;
        }
      });
}

base::Money* SumOf(int tag, ReceiptExtras& extras) {
  switch (tag) {
    case 1102:
      return &extras.vat_1102;
    case 1103:
      return &extras.vat_1103;
    case 1104:
      return &extras.turnover_1104;
    case 1105:
      return &extras.turnover_1105;
    case 1106:
      return &extras.vat_1106;
    default:
      return &extras.vat_1107;
  }
}

void ReadBuyer(const JsonValue& value, const Path& path, FaultSink& sink, Buyer* buyer) {
  buyer->given |=
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        return ReadBuyerTag(tag, v, p, sink, buyer);
      });
}

bool ReadOwnTag(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink,
                ReceiptExtras* extras) {
  int number = 0;
  switch (tag.number) {
    case 1018:
      return ReadWord(value, path, sink, &extras->user_inn_1018), true;
    case 1057:
      return ReadEnum(tag, value, path, sink, &extras->agent_type_1057), true;
    case 1084:
      return ReadUserAttribute(value, path, sink, &extras->user_attribute_1084.emplace()), true;
    case 1102:
    case 1103:
    case 1104:
    case 1105:
    case 1106:
    case 1107:
      return ReadMoney(value, path, sink, SumOf(tag.number, *extras)), true;
    case 1173:
      if (ReadEnum(tag, value, path, sink, &number)) extras->correction_type_1173 = number;
      return true;
    case 1174:
      return ReadCorrectionBasis(value, path, sink, &extras->correction_1174.emplace()), true;
    case 1227:
    case 1228:
      if (!extras->buyer_1256) extras->buyer_1256.emplace();
      extras->buyer_1256->given.Insert(tag);
      return ReadBuyerTag(tag, value, path, sink, &*extras->buyer_1256);
    case 1234:
      return ReadCashless(value, path, sink, &extras->cashless_1234), true;
    case 1256:
      if (!extras->buyer_1256) extras->buyer_1256.emplace();
      return ReadBuyer(value, path, sink, &*extras->buyer_1256), true;
    case 1261:
      return ReadIndustries(value, path, sink, &extras->industries_1261), true;
    case 1270:
      return ReadOperation(value, path, sink, &extras->operation_1270.emplace()), true;
    default:
      return false;
  }
}

}  // namespace

bool ReadReceiptExtra(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink,
                      Receipt* receipt) {
  ReceiptExtras& extras = ExtrasOf(*receipt);
  return ReadAgentTag(tag, value, path, sink, &extras.agent, &extras.supplier) ||
         ReadOwnTag(tag, value, path, sink, &extras);
}

void ReadClientInfo(const JsonValue& value, const Path& path, FaultSink& sink, Receipt* receipt) {
  std::optional<Buyer>& buyer = ExtrasOf(*receipt).buyer_1256;
  if (!buyer) buyer.emplace();
  bool has_contact = false;
  ForEachGroup(value, path, [&](const JsonValue& one, const Path& here) {
    buyer->given |=
        VisitGroup(one, here, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
          if (tag.number != 1008) return ReadBuyerTag(tag, v, p, sink, &*buyer);
          ReadWord(v, p, sink, &receipt->buyer_contact_1008);
          receipt->given.Insert(tag);
          has_contact = true;
          return true;
        });
  });
  // A contact alone makes no buyer.
  if (has_contact && buyer->name_1227.empty() && buyer->inn_1228.empty() &&
      buyer->document_1246.empty()) {
    buyer.reset();
  }
}

}  // namespace fiscalgate::ffd
