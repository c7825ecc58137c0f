#include "fcgi/admin/doctor_findings.h"

#include <algorithm>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/table.h"

namespace fiscalgate::admin {

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kOk:
      return "ok";
    case Level::kWarn:
      return "warn";
    case Level::kFail:
      return "fail";
  }
  base::CheckFailed("every level has a name", __FILE__, __LINE__);
}

int Findings::Count(Level level) const {
  return static_cast<int>(std::count_if(
      all_.begin(), all_.end(), [&](const Finding& finding) { return finding.level == level; }));
}

std::string Findings::Text() const {
  std::size_t width = 0;
  for (const Finding& finding : all_) width = std::max(width, Width(finding.topic));
  std::string text;
  for (const Finding& finding : all_) {
    std::string level(LevelName(finding.level));
    level.resize(4, ' ');
    text += level + "  " + finding.topic + std::string(width - Width(finding.topic), ' ') + "  " +
            Printable(finding.text) + "\n";
    if (finding.advice.empty()) continue;
    text += std::string(width + 8, ' ') + "-> " + Printable(finding.advice) + "\n";
  }
  const auto count = [&](Level level, std::string_view english, std::string_view russian) {
    return std::to_string(Count(level)) + " " + std::string(Say(english, russian));
  };
  return text + count(Level::kOk, "well", "в порядке") + ", " +
         count(Level::kWarn, "to be looked at", "требуют внимания") + ", " +
         count(Level::kFail, "broken", "неисправны");
}

void Findings::Write(base::JsonWriter* writer) const {
  writer->BeginObject().Key("findings").BeginArray();
  for (const Finding& finding : all_) {
    writer->BeginObject().Key("level").String(LevelName(finding.level));
    writer->Key("topic").String(finding.topic).Key("text").String(finding.text);
    writer->Key("advice").String(finding.advice).Key("values").BeginObject();
    for (const auto& [name, value] : finding.values) writer->Key(name).Int(value);
    writer->EndObject().EndObject();
  }
  writer->EndArray();
  for (const Level level : {Level::kOk, Level::kWarn, Level::kFail}) {
    writer->Key(LevelName(level)).Int(Count(level));
  }
  writer->EndObject();
}

int Findings::ExitCode() const {
  if (Count(Level::kFail) > 0) return 2;
  return Count(Level::kWarn) > 0 ? 1 : 0;
}

}  // namespace fiscalgate::admin
