// Reads the settings of a cloud register one by one and remembers the first that is wrong. What is
// wrong is said with the setting's name and never with its value. One thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/crypto.h"
#include "lib/base/result.h"
#include "lib/task/directory.h"

namespace fiscalgate::protocol {

class SettingsReader {
 public:
  explicit SettingsReader(const task::Register& from) : register_(from) {}

  // As given, without blanks around it; `standard` if nothing was.
  std::string Text(std::string_view name, std::string_view standard = {});
  std::string RequiredText(std::string_view name);
  base::Secret Secret(std::string_view name);
  base::Secret RequiredSecret(std::string_view name);
  // An address without query. Secrets go there: https, or http within this machine.
  std::string Url(std::string_view name, std::string_view standard);
  int Number(std::string_view name, int standard, int min, int max);
  // The place of the setting's word among these; the first is the standard.
  int Choice(std::string_view name, std::initializer_list<std::string_view> words);
  // PEM certificates, or nothing.
  std::string Certificates(std::string_view name);

  void Refuse(std::string_view name, std::string_view what);
  const std::optional<base::Error>& fault() const { return fault_; }

 private:
  const task::Register& register_;
  std::optional<base::Error> fault_;
};

}  // namespace fiscalgate::protocol
