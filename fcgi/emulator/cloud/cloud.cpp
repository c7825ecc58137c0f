#include "fcgi/emulator/cloud/cloud.h"

#include <array>
#include <filesystem>

namespace fiscalgate::emulator::cloud {
namespace {

constexpr std::int64_t kMaxProcessingMs = 24LL * 3600 * 1000;
constexpr std::string_view kDefaultError = "Неисправность кассы";

void Begin(Cloud& cloud, Record* record) {
  record->due_at = cloud.clock.Now() + base::Milliseconds(cloud.numbers.Get(kProcessingMs));
  record->fate = Fate::kPrint;
  record->error.clear();
  if (const auto rule = cloud.faults.Draw(std::array{Fault::kError})) {
    record->fate = Fate::kFail;
    record->error = rule->text.empty() ? kDefaultError : std::string_view(rule->text);
  } else if (cloud.faults.Draw(std::array{Fault::kExpire524})) {
    record->fate = Fate::kExpire;
  }
}

}  // namespace

Cloud::Cloud(const base::Clock& real_clock) : clock(real_clock), parking(real_clock) {
  numbers.Declare(kProcessingMs, kDefaultProcessingMs, 0, kMaxProcessingMs);
}

base::Result<std::unique_ptr<Cloud>> Cloud::Open(const std::string& folder,
                                                 const base::Clock& clock) {
  auto cloud = std::make_unique<Cloud>(clock);
  auto press = Press::Open(folder, cloud->clock);
  if (!press) return press.error();
  auto ledger = Ledger::Open(std::filesystem::path(folder) / "ledger.jsonl");
  if (!ledger) return ledger.error();
  cloud->folder = folder;
  cloud->press = std::move(press).value();
  cloud->ledger = std::move(ledger).value();
  return cloud;
}

Record NewRecord(Cloud& cloud, std::string key, std::string kind, std::string request) {
  Record record;
  record.key = std::move(key);
  record.kind = std::move(kind);
  record.request = std::move(request);
  record.registered_at = cloud.clock.Now();
  Begin(cloud, &record);
  return record;
}

Record NextRound(Cloud& cloud, const Record& record) {
  Record next = record;
  ++next.round;
  Begin(cloud, &next);
  return next;
}

}  // namespace fiscalgate::emulator::cloud
