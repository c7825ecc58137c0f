#include "lib/protocol/bitrix24/fields.h"

#include <algorithm>
#include <optional>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxFields = 20'000;  // 250 items of 80 fields
constexpr std::size_t kMaxDepth = 8;        // supplier_info[phones][0] of an item needs 5
constexpr std::size_t kMaxNamedBytes = 80;  // of a field that is named in an error

Field* FindIn(Field* in, std::string_view key) {
  // What comes next mostly belongs to what came last.
  const auto is = [key](const auto& member) { return member.first == key; };
  const auto at = std::find_if(in->members.rbegin(), in->members.rend(), is);
  return at == in->members.rend() ? nullptr : &at->second;
}

// "a[b][0]" -> a, b, 0. What has no such form is one name.
std::vector<std::string_view> StepsOf(std::string_view name) {
  std::size_t open = name.find('[');
  if (open == std::string_view::npos || open == 0 || name.back() != ']') return {name};
  std::vector<std::string_view> steps{name.substr(0, open)};
  while (open < name.size()) {
    const std::size_t close = name.find(']', open);
    if (name[open] != '[' || close == std::string_view::npos) return {name};
    steps.push_back(name.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return steps;
}

std::optional<std::string> Decoded(std::string_view part) {
  std::string text(part);
  std::replace(text.begin(), text.end(), '+', ' ');
  return base::PercentDecode(text);
}

std::string Named(std::string_view name) { return base::Truncate(name, kMaxNamedBytes); }

class FormReader {
 public:
  base::Status Read(std::string_view body) {
    while (!body.empty()) {
      const std::string_view pair = body.substr(0, body.find('&'));
      body.remove_prefix(std::min(body.size(), pair.size() + 1));
      if (pair.empty()) continue;
      if (++count_ > kMaxFields) return Error{Code::kTooLarge, "too many fields"};
      if (auto put = PutPair(pair); !put) return put;
    }
    return base::Ok();
  }
  Field Take() { return std::move(root_); }

 private:
  base::Status PutPair(std::string_view pair) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = Decoded(pair.substr(0, equals));
    const auto value = Decoded(pair.substr(std::min(pair.size(), equals + 1)));
    if (!name || !value) return Error{Code::kMalformed, "broken % escape"};
    if (!base::IsValidUtf8(*name)) return Error{Code::kMalformed, "a name is not UTF-8"};
    const auto steps = StepsOf(*name);
    if (!base::IsValidUtf8(*value) || value->find('\0') != std::string::npos) {
      // Bytes of a marking code; its text stands in marking_code.
      if (steps.back() == "nomenclature_code") return base::Ok();
      return Error{Code::kMalformed, Named(*name) + " is not UTF-8"};
    }
    return Put(*name, steps, std::move(*value));
  }

  base::Status Put(std::string_view name, const std::vector<std::string_view>& steps,
                   std::string value) {
    if (steps.size() > kMaxDepth) return Error{Code::kMalformed, Named(name) + " is too deep"};
    Field* at = &root_;
    bool is_new = false;
    for (const std::string_view step : steps) {
      const std::string key = step.empty() ? std::to_string(at->members.size()) : std::string(step);
      Field* next = FindIn(at, key);
      is_new = next == nullptr;
      if (is_new) {
        if (!at->text.empty()) return Error{Code::kMalformed, Named(name) + " is also a value"};
        next = &at->members.emplace_back(key, Field()).second;
      }
      at = next;
    }
    if (!is_new) return Error{Code::kMalformed, Named(name) + " was posted twice"};
    at->text = std::move(value);
    return base::Ok();
  }

  Field root_;
  std::size_t count_ = 0;
};

Field OfJson(const base::JsonValue& value) {
  Field field;
  if (value.is_string() || value.is_number()) field.text = value.text;
  if (value.kind == base::JsonKind::kBool) field.text = value.boolean ? "1" : "0";
  for (const auto& [key, member] : value.members) field.members.emplace_back(key, OfJson(member));
  for (const base::JsonValue& item : value.items) {
    field.members.emplace_back(std::to_string(field.members.size()), OfJson(item));
  }
  return field;
}

}  // namespace

const Field* Field::Find(std::string_view key) const {
  for (const auto& [name, field] : members) {
    if (name == key) return &field;
  }
  return nullptr;
}

std::string_view Field::Text(std::string_view key) const {
  const Field* found = Find(key);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

std::string_view Field::TextAt(std::initializer_list<std::string_view> path) const {
  const Field* at = this;
  for (const std::string_view step : path) {
    at = at->Find(step);
    if (at == nullptr) return {};
  }
  return at->text;
}

base::Result<Field> ReadPosted(std::string_view body) {
  if (body.size() > base::kMaxBodyBytes) return Error{Code::kTooLarge, "the body is too large"};
  const std::string_view text = base::Trim(body);
  if (text.empty()) return Error{Code::kMalformed, "the body is empty"};
  if (text[0] == '{') {
    const auto document = base::ParseJson(text);
    if (!document) return document.error();
    return OfJson(document->root());
  }
  FormReader reader;
  if (auto read = reader.Read(text); !read) return read.error();
  return reader.Take();
}

}  // namespace fiscalgate::protocol::bitrix24
