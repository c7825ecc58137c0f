#include "lib/base/config_file.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <set>

#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

// callback.timeout_ms -> FISCALGATE_CALLBACK_TIMEOUT_MS
std::string VariableName(std::string_view key) {
  std::string name = "FISCALGATE_";
  for (const char c : key) {
    if (c >= 'a' && c <= 'z') {
      name += static_cast<char>(c - 'a' + 'A');
    } else {
      name += c == '.' || c == '-' ? '_' : c;
    }
  }
  return name;
}

std::optional<std::int64_t> ReadInt(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = Trim(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

struct ConfigFile::Impl {
  struct Fault {
    std::uint32_t line;
    std::string text;
  };

  std::string name;
  toml::table root;
  std::set<std::string, std::less<>> asked;
  std::vector<Fault> faults;

  const toml::node* Find(std::string_view key) const {
    const toml::node* node = &root;
    while (node != nullptr) {
      const std::size_t dot = std::min(key.find('.'), key.size());
      const toml::table* table = node->as_table();
      node = table == nullptr ? nullptr : table->get(key.substr(0, dot));
      if (dot == key.size()) return node;
      key.remove_prefix(dot + 1);
    }
    return nullptr;
  }

  // Marks the key as known. What the environment says of it, if anything.
  const char* Ask(std::string_view key) {
    asked.emplace(key);
    return std::getenv(VariableName(key).c_str());
  }

  std::string Place(std::uint32_t line) const {
    return line == 0 ? name + ": " : name + ":" + std::to_string(line) + ": ";
  }

  void AddFault(std::string_view key, std::string_view text) {
    const toml::node* node = Find(key);
    const std::uint32_t line = node == nullptr ? 0 : node->source().begin.line;
    faults.push_back({line, Place(line) + std::string(key) + ": " + std::string(text)});
  }

  // A value of the environment has no line in the file.
  void AddVariableFault(std::string_view key, std::string_view text) {
    faults.push_back({0, "environment variable " + VariableName(key) + ": " + std::string(text)});
  }

  bool IsAskedUnder(const std::string& prefix) const {
    const auto next = asked.lower_bound(prefix);
    return next != asked.end() && next->compare(0, prefix.size(), prefix) == 0;
  }

  void CollectUnknown(const toml::table& table, const std::string& prefix,
                      std::vector<Fault>* out) const {
    for (const auto& [key, node] : table) {
      const std::string path = prefix + std::string(key.str());
      const toml::table* inner = node.as_table();
      if (inner != nullptr && !inner->empty()) {
        CollectUnknown(*inner, path + ".", out);
      } else if (!asked.contains(path) && (inner == nullptr || !IsAskedUnder(path + "."))) {
        const std::uint32_t line = key.source().begin.line;
        out->push_back({line, Place(line) + path + ": there is no such setting"});
      }
    }
  }
};

ConfigFile::ConfigFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;
ConfigFile& ConfigFile::operator=(ConfigFile&&) noexcept = default;
ConfigFile::~ConfigFile() = default;

Result<ConfigFile> ConfigFile::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const Code code = errno == EACCES ? Code::kForbidden : Code::kNotFound;
    return Error{code, path + ": " + std::strerror(errno)};
  }
  std::string text(kMaxConfigBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.gcount() == 0 && !file.eof())) {
    return Error{Code::kNotFound, path + ": cannot be read"};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxConfigBytes) return Error{Code::kMalformed, path + ": too long"};
  return Parse(text, path);
}

Result<ConfigFile> ConfigFile::Parse(std::string_view text, const std::string& name) {
  toml::parse_result parsed = toml::parse(text, name);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Error{Code::kMalformed, name + ":" + std::to_string(error.source().begin.line) + ": " +
                                       std::string(error.description())};
  }
  auto impl = std::make_unique<Impl>();
  impl->name = name;
  impl->root = std::move(parsed).table();
  return ConfigFile(std::move(impl));
}

std::string ConfigFile::Text(std::string_view key, std::string_view otherwise) {
  if (const char* variable = impl_->Ask(key)) return variable;
  const toml::node* node = impl_->Find(key);
  if (node == nullptr) return std::string(otherwise);
  if (const auto* text = node->as_string()) return text->get();
  impl_->AddFault(key, "must be a text in quotes");
  return std::string(otherwise);
}

std::int64_t ConfigFile::Int(std::string_view key, std::int64_t otherwise, std::int64_t min,
                             std::int64_t max) {
  const std::string range =
      "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  const auto in_range = [&](std::int64_t value) { return value >= min && value <= max; };
  if (const char* variable = impl_->Ask(key)) {
    const auto value = ReadInt(variable);
    if (value && in_range(*value)) return *value;
    impl_->AddVariableFault(key, range);
    return otherwise;
  }
  const toml::node* node = impl_->Find(key);
  if (node == nullptr) return otherwise;
  const auto* value = node->as_integer();
  if (value != nullptr && in_range(value->get())) return value->get();
  impl_->AddFault(key, range);
  return otherwise;
}

bool ConfigFile::Bool(std::string_view key, bool otherwise) {
  if (const char* variable = impl_->Ask(key)) {
    const std::string_view text = variable;
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    impl_->AddVariableFault(key, "must be true or false");
    return otherwise;
  }
  const toml::node* node = impl_->Find(key);
  if (node == nullptr) return otherwise;
  if (const auto* value = node->as_boolean()) return value->get();
  impl_->AddFault(key, "must be true or false");
  return otherwise;
}

std::vector<std::string> ConfigFile::List(std::string_view key,
                                          std::vector<std::string> otherwise) {
  if (const char* variable = impl_->Ask(key)) return SplitAtCommas(variable);
  const toml::node* node = impl_->Find(key);
  if (node == nullptr) return otherwise;
  const toml::array* array = node->as_array();
  if (array == nullptr || !std::all_of(array->begin(), array->end(),
                                       [](const toml::node& item) { return item.is_string(); })) {
    impl_->AddFault(key, "must be a list of texts in quotes");
    return otherwise;
  }
  std::vector<std::string> list;
  for (const toml::node& item : *array) list.push_back(item.as_string()->get());
  return list;
}

void ConfigFile::AddFault(std::string_view key, std::string_view text) {
  if (std::getenv(VariableName(key).c_str()) != nullptr) {
    impl_->AddVariableFault(key, text);
  } else {
    impl_->AddFault(key, text);
  }
}

std::vector<std::string> ConfigFile::Faults() const {
  std::vector<Impl::Fault> faults = impl_->faults;
  impl_->CollectUnknown(impl_->root, "", &faults);
  std::stable_sort(faults.begin(), faults.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  std::vector<std::string> texts;
  for (auto& fault : faults) texts.push_back(std::move(fault.text));
  return texts;
}

}  // namespace fiscalgate::base
