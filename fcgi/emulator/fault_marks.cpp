#include "fcgi/emulator/fault_marks.h"

#include <charconv>

#include "lib/base/limits.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::string_view kOpening = "[fault:";
constexpr int kNameTag = 1030;
constexpr int kDefaultDelayMs = 1000;

std::string_view CutPart(std::string_view* rest) {
  const std::size_t end = rest->find(':');
  const std::string_view part = rest->substr(0, end);
  *rest = end == std::string_view::npos ? std::string_view() : rest->substr(end + 1);
  return part;
}

// "slow:1500:always"; false if it is none of ours.
bool ReadMark(std::string_view text, FaultMark* mark) {
  const auto fault = FaultFromName(CutPart(&text));
  if (!fault) return false;
  mark->fault = *fault;
  if (mark->fault == Fault::kSlow) mark->delay_ms = kDefaultDelayMs;
  while (!text.empty()) {
    const std::string_view part = CutPart(&text);
    if (part == "always") {
      mark->always = true;
      continue;
    }
    const char* end = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data(), end, mark->delay_ms);
    if (error != std::errc() || stop != end || mark->delay_ms < 0 ||
        mark->delay_ms > base::kMaxFaultDelay.count()) {
      return false;
    }
  }
  return true;
}

void Collect(const base::JsonValue& value, std::vector<FaultMark>* out) {
  for (const base::JsonValue& item : value.items) Collect(item, out);
  for (const base::JsonMember& member : value.members) {
    if (!member.value.is_string()) {
      Collect(member.value, out);
    } else if (ffd::TagOfKey(member.key) == kNameTag) {
      for (const FaultMark& mark : MarksInName(member.value.text)) out->push_back(mark);
    }
  }
}

}  // namespace

std::vector<FaultMark> MarksInName(std::string_view name) {
  std::vector<FaultMark> marks;
  for (std::size_t at = name.find(kOpening); at != std::string_view::npos;
       at = name.find(kOpening, at)) {
    at += kOpening.size();
    const std::size_t end = name.find(']', at);
    if (end == std::string_view::npos) break;
    FaultMark mark;
    if (ReadMark(name.substr(at, end - at), &mark)) marks.push_back(mark);
  }
  return marks;
}

std::vector<FaultMark> MarksInCommand(const base::JsonValue& command) {
  std::vector<FaultMark> marks;
  Collect(command, &marks);  // as deep as kMaxJsonDepth
  return marks;
}

bool MarkMemory::Strikes(const FaultMark& mark, const std::string& order_id) {
  if (mark.always) return true;
  const std::string key = std::string(FaultName(mark.fault)) + " " + order_id;
  std::lock_guard lock(mutex_);
  if (struck_.size() >= base::kMaxStruckMarks) struck_.clear();
  return struck_.insert(key).second;
}

}  // namespace fiscalgate::emulator
