#include <array>

#include "fcgi/emulator/cloud/service.h"
#include "lib/base/log.h"

namespace fiscalgate::emulator::cloud {
namespace {

constexpr std::array<std::string_view, 5> kStages = {"processing", "printed", "failed", "expired",
                                                     "nothing"};

base::Result<Stage> Fail(Cloud& cloud, Record record, std::string words) {
  record.fate = Fate::kFail;
  record.error = std::move(words);
  if (auto put = cloud.ledger->Put(std::move(record)); !put) return put.error();
  return Stage::kFailed;
}

base::Result<Stage> Print(Cloud& cloud, const Service& service, const Record& record) {
  const auto receipt = service.ReceiptOf(record);
  if (!receipt) return Fail(cloud, record, receipt.error().what);
  const auto printed = cloud.press->Print(*receipt, record.key, record.round);
  if (printed) return Stage::kPrinted;
  if (printed.error().code != base::Code::kInvalid) return printed.error();
  return Fail(cloud, record, printed.error().what);
}

base::Result<Stage> SettleRecord(Cloud& cloud, const Service& service, const Record& record) {
  if (record.fate == Fate::kNothing) return Stage::kNothing;
  if (PrintedOf(cloud, record) != nullptr) return Stage::kPrinted;
  if (cloud.clock.Now() < record.due_at) return Stage::kProcessing;
  if (record.fate == Fate::kFail) return Stage::kFailed;
  if (record.fate == Fate::kExpire) return Stage::kExpired;
  return Print(cloud, service, record);
}

}  // namespace

std::vector<FaultKind> FaultKinds(std::initializer_list<Fault> own) {
  std::vector<FaultKind> kinds;
  for (const Fault fault :
       {Fault::kCloseBefore, Fault::kHangBefore, Fault::kServer500, Fault::kBusy503,
        Fault::kLoseAnswer, Fault::kHangAfter, Fault::kSlow, Fault::kGarbage, Fault::kHuge}) {
    kinds.push_back(CloudFault(fault));
  }
  for (const Fault fault : own) kinds.push_back(CloudFault(fault));
  return kinds;
}

std::string_view StageName(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }

const register_::Printed* PrintedOf(const Cloud& cloud, const Record& record) {
  return cloud.press->Find(record.key, record.round);
}

base::Result<Stage> Settle(Cloud& cloud, const Service& service, const std::string& key) {
  const Record* const record = cloud.ledger->Find(key);
  FG_CHECK(record != nullptr);
  return SettleRecord(cloud, service, *record);
}

base::Status SettleAll(Cloud& cloud, const Service& service) {
  for (std::size_t i = 0; i < cloud.ledger->records().size(); ++i) {
    const auto settled = SettleRecord(cloud, service, cloud.ledger->records()[i]);
    if (!settled) return settled.error();
  }
  return base::Ok();
}

}  // namespace fiscalgate::emulator::cloud
