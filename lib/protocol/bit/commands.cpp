#include "lib/protocol/bit/commands.h"

#include <array>

namespace fiscalgate::protocol::bit {
namespace {

struct Row {
  CommandType type;
  std::string_view name;
};

constexpr std::array<Row, 14> kRows = {{
    {CommandType::kReceipt, "kktReceiptFiscalization"},
    {CommandType::kOpenShift, "kktOpenShift"},
    {CommandType::kCloseShift, "kktCloseShift"},
    {CommandType::kXReport, "kktXReport"},
    {CommandType::kOpenCashDrawer, "kktOpenCashDraw"},
    {CommandType::kCashIn, "kktCashIn"},
    {CommandType::kCashOut, "kktCashOut"},
    {CommandType::kCheckMark, "kktCheckKM"},
    {CommandType::kCardPayment, "bnkCardPayment"},
    {CommandType::kCardReturn, "bnkCardReturn"},
    {CommandType::kCardShortReport, "bnkCardShortReport"},
    {CommandType::kCardFullReport, "bnkCardFullReport"},
    {CommandType::kCardReconciliation, "bnkCardSverkaItogov"},
    {CommandType::kCardLastResult, "bnkCardLastOperationResult"},
}};

// Clients that copied the documentation type U+0421 for the Latin letter; it also drops the last
// letter of one name.
constexpr Row kMistyped[] = {
    {CommandType::kCashIn, "kkt\u0421ashIn"},
    {CommandType::kCashOut, "kkt\u0421ashOut"},
    {CommandType::kCashOut, "kkt\u0421ashOu"},
};

}  // namespace

std::string_view CommandTypeName(CommandType type) {
  return kRows[static_cast<std::size_t>(type)].name;
}

std::optional<CommandType> CommandTypeFromName(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.type;
  }
  for (const Row& row : kMistyped) {
    if (row.name == name) return row.type;
  }
  return std::nullopt;
}

bool IsBankCommand(CommandType type) { return type >= CommandType::kCardPayment; }

}  // namespace fiscalgate::protocol::bit
