#include "fcgi/emulator/faults.h"

#include <algorithm>
#include <array>

#include "lib/base/limits.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::array<FaultKind, 9> kFaults = {{
    {Fault::kRefuse, "refuse", "соединение закрывается, ничего не выполняется"},
    {Fault::kHttp500, "http-500", "ответ HTTP 500, ничего не выполняется"},
    {Fault::kHang, "hang", "нет ответа, ничего не выполняется, пока сбои не сняты"},
    {Fault::kLoseAnswer, "lose-answer", "всё напечатано, ответ потерян"},
    {Fault::kSlow, "slow", "всё напечатано, ответ задержан на delay_ms"},
    {Fault::kPaperOut, "paper-out", "закончилась бумага"},
    {Fault::kShiftOver24h, "shift-over-24h", "смена превысила 24 часа"},
    {Fault::kFnFull, "fn-full", "архив ФН заполнен"},
    {Fault::kInvalidReceipt, "invalid-receipt", "касса не принимает данные чека"},
}};

}  // namespace

std::span<const FaultKind> AllFaults() { return kFaults; }

std::string_view FaultName(Fault fault) {
  const auto found = std::find_if(kFaults.begin(), kFaults.end(),
                                  [fault](const FaultKind& kind) { return kind.fault == fault; });
  FG_CHECK(found != kFaults.end());
  return found->name;
}

std::optional<Fault> FaultFromName(std::string_view name) {
  for (const FaultKind& kind : kFaults) {
    if (kind.name == name) return kind.fault;
  }
  return std::nullopt;
}

base::Status FaultBox::Add(const FaultRule& rule) {
  std::lock_guard lock(mutex_);
  if (entries_.size() >= base::kMaxFaultRules) {
    return base::Error{base::Code::kTooLarge, "Слишком много правил, снимите старые"};
  }
  entries_.push_back({rule, std::mt19937_64(rule.seed)});
  return base::Ok();
}

void FaultBox::Clear() {
  std::lock_guard lock(mutex_);
  entries_.clear();
}

std::optional<FaultRule> FaultBox::Draw(std::span<const Fault> faults) {
  std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    FaultRule& rule = entry->rule;
    if (std::find(faults.begin(), faults.end(), rule.fault) == faults.end()) continue;
    // The standard fixes the numbers of this generator, but not those of its distributions.
    if (rule.rate_millionths < FaultRule::kAlways &&
        entry->random() % FaultRule::kAlways >= static_cast<std::uint64_t>(rule.rate_millionths)) {
      continue;
    }
    ++rule.hits;
    if (rule.left > 0) --rule.left;
    const FaultRule struck = rule;
    if (rule.left == 0) entries_.erase(entry);
    return struck;
  }
  return std::nullopt;
}

std::vector<FaultRule> FaultBox::rules() const {
  std::lock_guard lock(mutex_);
  std::vector<FaultRule> out;
  out.reserve(entries_.size());
  for (const Entry& entry : entries_) out.push_back(entry.rule);
  return out;
}

}  // namespace fiscalgate::emulator
