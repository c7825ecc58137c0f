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

constexpr FaultKind kCloudFaults[] = {
    {Fault::kCloseBefore, "close-before", "соединение закрывается, ничего не зарегистрировано"},
    {Fault::kHangBefore, "hang-before", "нет ответа, ничего не зарегистрировано"},
    {Fault::kServer500, "server-500", "ответ HTTP 500, ничего не зарегистрировано"},
    {Fault::kBusy503, "busy-503", "ответ HTTP 503 с Retry-After (ms), ничего не зарегистрировано"},
    {Fault::kLoseAnswer, "lose-answer", "зарегистрировано, соединение закрывается без ответа"},
    {Fault::kHangAfter, "hang-after", "зарегистрировано, ответа нет"},
    {Fault::kSlow, "slow", "зарегистрировано, ответ задержан на ms"},
    {Fault::kGarbage, "garbage", "зарегистрировано, вместо ответа 200 с мусором"},
    {Fault::kHuge, "huge", "зарегистрировано, ответ 200 больше мегабайта"},
    {Fault::kTokenExpired, "token-expired", "все выданные токены истекают"},
    {Fault::kUnauthorizedStorm, "401-storm", "на каждый защищённый запрос 401"},
    {Fault::kConflict409, "conflict-409", "документ зарегистрирован, но назван уже известным"},
    {Fault::kError, "error", "документ заканчивается ошибкой (text)"},
    {Fault::kExpire524, "expire-524", "документ устаревает, не напечатанный"},
    {Fault::kDecline, "decline", "платёж отклонён"},
    {Fault::kNoNotification, "no-notification", "уведомление не отправлено"},
    {Fault::kDuplicateNotification, "duplicate-notification", "уведомление отправлено дважды"},
    {Fault::kReorderedNotification, "reordered-notification", "старое уведомление после нового"},
    {Fault::kWrongSignature, "wrong-signature", "подпись уведомления неверна"},
};

const FaultKind* FindIn(std::span<const FaultKind> kinds, Fault fault) {
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [fault](const FaultKind& kind) { return kind.fault == fault; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace

std::span<const FaultKind> AllFaults() { return kFaults; }

FaultKind CloudFault(Fault fault) {
  const FaultKind* const kind = FindIn(kCloudFaults, fault);
  FG_CHECK(kind != nullptr);
  return *kind;
}

std::string_view FaultName(Fault fault) {
  const FaultKind* const kind = FindIn(kFaults, fault);
  return kind != nullptr ? kind->name : CloudFault(fault).name;
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

std::optional<FaultRule> FaultBox::Draw(std::span<const Fault> faults, std::string_view step) {
  std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    FaultRule& rule = entry->rule;
    if (std::find(faults.begin(), faults.end(), rule.fault) == faults.end()) continue;
    if (!rule.step.empty() && rule.step != step) continue;
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
