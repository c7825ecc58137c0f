// What `fiscalgate admin doctor` has found, a line each: well, to be looked at, or broken; and what
// to do about it. Plain values; no secret is ever put in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/json.h"

namespace fiscalgate::admin {

enum class Level { kOk, kWarn, kFail };
std::string_view LevelName(Level level);  // "ok", "warn", "fail"

struct Finding {
  Level level = Level::kOk;
  std::string topic;   // stable, for scripts: "disk_flush"
  std::string text;    // what is seen
  std::string advice;  // what to do; "" if it is well
  std::vector<std::pair<std::string, std::int64_t>> values = {};  // for scripts

  Finding& With(std::string name, std::int64_t value) {
    values.emplace_back(std::move(name), value);
    return *this;
  }
};

class Findings {
 public:
  Finding& Ok(std::string topic, std::string text) {
    return Add({Level::kOk, std::move(topic), std::move(text), ""});
  }
  Finding& Warn(std::string topic, std::string text, std::string_view advice) {
    return Add({Level::kWarn, std::move(topic), std::move(text), std::string(advice)});
  }
  Finding& Fail(std::string topic, std::string text, std::string_view advice) {
    return Add({Level::kFail, std::move(topic), std::move(text), std::string(advice)});
  }
  Finding& Add(Finding finding) { return all_.emplace_back(std::move(finding)); }

  const std::vector<Finding>& all() const { return all_; }
  int Count(Level level) const;
  // Lines, the worst told last where they are seen; then how many of each.
  std::string Text() const;
  void Write(base::JsonWriter* writer) const;
  // 0: all is well; 1: something is to be looked at; 2: something is broken.
  int ExitCode() const;

 private:
  std::vector<Finding> all_;
};

}  // namespace fiscalgate::admin
