#include "lib/protocol/begateway/account.h"

#include <utility>

#include "lib/base/id.h"
#include "lib/base/limits.h"
#include "lib/ffd/path.h"
#include "lib/ffd/spot.h"
#include "lib/protocol/begateway/answer.h"
#include "lib/protocol/begateway/conversation.h"
#include "lib/protocol/bit/commands.h"
#include "lib/protocol/cloud_package.h"

namespace fiscalgate::protocol::begateway {
namespace {

using bit::CommandType;
using ffd::FaultCode;
using ffd::Faults;

constexpr int kSale = 1, kReturn = 2;

struct CardCommand {
  std::size_t index = 0;
  bool is_return = false;
  const base::JsonValue* data = nullptr;
};

std::optional<CardCommand> FindCard(const bit::ReadPackageResult& package) {
  for (std::size_t i = 0; i < package.commands.size(); ++i) {
    const auto type = bit::CommandTypeFromName(package.commands[i].type);
    if (type != CommandType::kCardPayment && type != CommandType::kCardReturn) continue;
    const base::JsonValue* const data = package.commands[i].value->Find("data");
    if (data != nullptr) return CardCommand{i, type == CommandType::kCardReturn, data};
  }
  return std::nullopt;
}

// Money and receipt go together: the same sum, the same way.
void CheckPair(const CardCommand& card, const bit::PackageReceipt& each,
               const bit::ReadPackageResult& package, const std::string& card_path,
               Faults* faults) {
  ffd::FaultSink sink(faults);
  base::Money sum;
  const base::JsonValue* const given = card.data->Find("sum");
  const bool is_read =
      given != nullptr && base::ParseMoney(given->text, &sum) == base::DecimalFault::kNone;
  const base::Money total = each.receipt.Total();
  if (!is_read || sum != total) {
    const ffd::Path root(card_path);
    sink.Add(ffd::Path(root, "sum"), FaultCode::kTotalMismatch, base::FormatMoney(total));
  }
  if (each.receipt.type_1054 != (card.is_return ? kReturn : kSale)) {
    const std::string pointer = "/" + std::to_string(each.command) + "/data";
    const ffd::Path path(pointer);
    const ffd::PathFinder paths(package.commands[each.command].value->Find("data"), path);
    const std::string here = paths.Text({.tag = 1054});
    sink.Add(ffd::Path(here), FaultCode::kNotExpressible, "1054");
  }
}

}  // namespace

ffd::Faults MerchantAccount::Check(const bit::ReadPackageResult& package) const {
  Faults faults = CheckCloudPackage(package, CardCommands::kTaken, merchant_.register_.ffd_version,
                                    merchant_.mapping);
  const auto card = FindCard(package);
  if (!card && faults.size() < base::kMaxFaults) {
    // This provider prints only what it has taken the money for.
    faults.push_back({"", FaultCode::kMissing, "bnkCardPayment, bnkCardReturn", {}});
  }
  if (!card || package.receipts.size() != 1) return faults;
  const std::string path = "/" + std::to_string(card->index) + "/data";
  CheckPair(*card, package.receipts.front(), package, path, &faults);
  const Order order = ReadOrder(*card->data, card->is_return, path, &faults);
  if (!faults.empty()) return faults;
  task::Task task;
  task.id = std::string(base::kIdLength, '0');
  const auto request =
      FirstRequest(merchant_, order, package.receipts.front().receipt, task, {"check", 1});
  if (!request.ok()) {
    faults.push_back({path, FaultCode::kNotExpressible, request.error().what, {}});
  }
  return faults;
}

CloudLinks MerchantAccount::LinksOf(const task::Task& task, const task::Package&) const {
  const auto notes = ReadNotes(task.notes);
  return notes ? CloudLinks{notes->payment_url, ""} : CloudLinks{};
}

Move MerchantAccount::Next(const Talk& talk) const { return Conversation(merchant_, talk).Next(); }

Move MerchantAccount::OnAnswer(const Talk& talk, const http::Answer& answer) const {
  return Conversation(merchant_, talk).OnAnswer(answer);
}

Notice MerchantAccount::ReadNotice(const http::Request& request) const {
  const auto* const key = merchant_.public_key ? &*merchant_.public_key : nullptr;
  if (CheckNotification(request.headers, request.body, merchant_.wire, key) !=
      Genuineness::kGenuine) {
    return {Notice::What::kNotGenuine, ""};
  }
  const auto transaction = ReadNotification(request.body);
  if (!transaction || transaction->tracking_id.empty()) return {};
  return {Notice::What::kTask, transaction->tracking_id};
}

}  // namespace fiscalgate::protocol::begateway
