#include "fcgi/emulator/cloud/press.h"

#include "lib/base/limits.h"

namespace fiscalgate::emulator::cloud {
namespace {

// Returned income and expense take cash out.
bool TakesCashOut(const ffd::Receipt& receipt) {
  const bool goes_out = receipt.type_1054 == 2 || receipt.type_1054 == 3;
  return goes_out && receipt.payments.cash_1031.kopecks > 0;
}

}  // namespace

Press::Press(std::unique_ptr<register_::VirtualRegister> kkt, const base::Clock& clock)
    : kkt_(std::move(kkt)), clock_(clock) {
  for (const register_::Printed& document : kkt_->journal()) {
    if (document.kind == "open_shift") {
      shift_open_ = true;
      shift_opened_at_ = document.printed_at;
    } else if (document.kind == "close_shift") {
      shift_open_ = false;
    }
  }
}

base::Result<std::unique_ptr<Press>> Press::Open(const std::string& folder,
                                                 const base::Clock& clock) {
  auto kkt = register_::VirtualRegister::Open(folder, clock);
  if (!kkt) return kkt.error();
  return std::unique_ptr<Press>(new Press(std::move(kkt).value(), clock));
}

base::Status Press::CloseOldShift() {
  if (shift_open_ && clock_.Now() - shift_opened_at_ >= base::kMaxShiftAge) {
    if (auto closed = kkt_->CloseShift("", ""); !closed) return closed.error();
    shift_open_ = false;
  }
  if (shift_open_) return base::Ok();
  const auto opened = kkt_->OpenShift("", "");
  if (!opened) return opened.error();
  shift_open_ = true;
  shift_opened_at_ = opened->printed_at;
  return base::Ok();
}

base::Status Press::Print(const ffd::Receipt& receipt, const std::string& key, int round) {
  if (Find(key, round) != nullptr) return base::Ok();
  if (auto ready = CloseOldShift(); !ready) return ready;
  if (TakesCashOut(receipt)) {
    if (auto put = kkt_->CashIn(receipt.payments.cash_1031, "", ""); !put) return put.error();
  }
  auto printed = kkt_->PrintReceipt(receipt, key, std::to_string(round));
  if (!printed) return printed.error();
  return base::Ok();
}

const register_::Printed* Press::Find(const std::string& key, int round) const {
  return kkt_->Find(key, std::to_string(round));
}

}  // namespace fiscalgate::emulator::cloud
