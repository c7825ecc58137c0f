// What the check of a receipt costs, on one thread without anything around it.
//
//   check receipt.json
//
// Prints one JSON object: bytes, parse_us (JSON alone), read_us (ReadPackage: JSON, commands,
// receipt, all rules), check_us (the receipt and all rules), and for receipts of 1 to 250 items
// sizes: [{items, bytes, check_us}]. Medians of rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lib/base/text.h"
#include "lib/ffd/check.h"
#include "lib/protocol/bit/front.h"

namespace fiscalgate::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kReader = base::JsonReader::kSimdjson;
const ffd::CheckOptions kOptions{.date = ffd::MakeDay(2026, 6, 1)};

[[noreturn]] void GiveUp(const std::string& text) {
  std::fprintf(stderr, "check: %s\n", text.c_str());
  std::exit(2);
}

// Microseconds a call, the median of rounds that are long enough to be measured.
template <typename Call>
double Microseconds(const Call& call) {
  constexpr int kRounds = 15;
  constexpr auto kRound = std::chrono::milliseconds(20);
  std::vector<double> figures;
  for (int round = 0; round < kRounds; ++round) {
    std::size_t calls = 0;
    const auto begun = Clock::now();
    Clock::duration took{};
    while ((took = Clock::now() - begun) < kRound) {
      call();
      ++calls;
    }
    figures.push_back(std::chrono::duration<double, std::micro>(took).count() /
                      static_cast<double>(calls));
  }
  std::nth_element(figures.begin(), figures.begin() + kRounds / 2, figures.end());
  return figures[kRounds / 2];
}

struct Figures {
  std::size_t bytes = 0;
  double parse = 0, read = 0, check = 0;
};

Figures Measure(const std::string& text) {
  const auto document = base::ParseJson(text, kReader);
  if (!document) GiveUp(document.error().what);
  const base::JsonValue* data = document->root().items[0].Find("data");
  if (const auto checked = ffd::CheckReceipt(*data, "/0/data", kOptions); !checked.faults.empty()) {
    GiveUp("the receipt is not valid: " + checked.faults[0].path);
  }
  std::size_t kept = 0;  // so that nothing is left out as unused
  Figures figures;
  figures.bytes = text.size();
  figures.parse = Microseconds([&] { kept += base::ParseJson(text, kReader).ok(); });
  figures.read = Microseconds(
      [&] { kept += protocol::bit::ReadPackage(text, kOptions, kReader)->receipts.size(); });
  figures.check =
      Microseconds([&] { kept += ffd::CheckReceipt(*data, "/0/data", kOptions).size.document; });
  if (kept == 0) GiveUp("nothing was measured");
  return figures;
}

std::string WithItems(int items) {
  std::string list;
  for (int i = 0; i < items; ++i) {
    list += (i == 0 ? "" : ",");
    list += R"({"productName_1030":"Чай чёрный листовой )" + std::to_string(i + 1) +
            R"(","price_1079":10.10,"qty_1023":2,"amount_1043":20.20,"unit_2108":0,)"
            R"("paymentFormCode_1214":4,"productTypeCode_1212":1,"tax_1199":11})";
  }
  return R"([{"type":"kktReceiptFiscalization","data":{"1059":[)" + list +
         R"(],"payments":{"ecash_1081":)" + base::FormatMoney({items * std::int64_t{2020}}) +
         R"(},"taxationType_1055":1,"receiptType_1054":1,"cashierName_1021":"Иванова А. А."}}])";
}

int Run(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) GiveUp(std::string("cannot read ") + path);
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  const Figures one = Measure(std::string(base::Trim(file)));
  std::printf(R"({"bytes":%zu,"parse_us":%.3f,"read_us":%.3f,"check_us":%.3f,"sizes":[)", one.bytes,
              one.parse, one.read, one.check);
  const char* comma = "";
  for (const int items : {1, 10, 50, 100, 250}) {
    const Figures figures = Measure(WithItems(items));
    std::printf(R"(%s{"items":%d,"bytes":%zu,"check_us":%.3f})", comma, items, figures.bytes,
                figures.check);
    comma = ",";
  }
  std::printf("]}\n");
  return 0;
}

}  // namespace
}  // namespace fiscalgate::bench

int main(int argc, char** argv) {
  if (argc != 2) fiscalgate::bench::GiveUp("usage: check receipt.json");
  return fiscalgate::bench::Run(argv[1]);
}
