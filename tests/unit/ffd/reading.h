// A receipt to read, and what was found in it as text.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

#include "lib/ffd/reader.h"

namespace fiscalgate::ffd::testing {

// What the vendor's description shows, with one bit in 1055.
inline constexpr std::string_view kSample = R"({
  "purchases": [{
    "productName_1030": "чайник", "price_1079": 11.00, "qty_1023": 1.00, "unit_2108": 10,
    "paymentFormCode_1214": 2, "productTypeCode_1212": 3, "tax_1199": 6,
    "additionalAttribut_1191": "со свистком"}],
  "cashierName_1021": "Иванова А. П.", "cashierInn_1203": "",
  "payments": {"cash_1031": 10.00, "ecash_1081": 1.00, "prepayment_1215": 0, "credit_1216": 0,
               "barter_1217": 0},
  "taxationType_1055": 1, "receiptType_1054": 1, "sendToEmail_1008": "buyer@example.ru",
  "electronically": true})";

struct Reading {
  Receipt receipt;
  Faults faults;
  // "several_bits /0/data/taxationType_1055 (5)", one a line
  std::string Text() const {
    std::string text;
    for (const Fault& fault : faults) {
      text += std::string(FaultName(fault.code)) + " " + fault.path;
      if (!fault.detail.empty()) text += " (" + fault.detail + ")";
      text += "\n";
    }
    return text;
  }
};

inline Reading Read(std::string_view json, bool lenient = false) {
  const auto document = base::ParseJson(json, base::JsonReader::kSimdjson);
  BOOST_REQUIRE_MESSAGE(document.ok(), json);
  Reading reading;
  reading.receipt = ReadReceipt(document->root(), "/0/data", {.lenient = lenient}, &reading.faults);
  return reading;
}

inline std::string Replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out(text);
  const std::size_t at = out.find(what);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
  return out.replace(at, what.size(), with);
}

}  // namespace fiscalgate::ffd::testing
