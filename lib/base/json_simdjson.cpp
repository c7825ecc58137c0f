// The JSON reader on simdjson's on-demand interface, for the hot path.
//
// Every value is visited in order and every scalar is consumed by the simdjson function of its
// type, so that simdjson checks the whole grammar. What it does not check, or not as strictly, is
// checked here: duplicate keys, surrogates, NUL, depth, number of values.
#define SIMDJSON_DEVELOPMENT_CHECKS 0
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "lib/base/json_builder.h"

namespace fiscalgate::base {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::size_t kFewMembers = 24;  // below, comparing each with each beats sorting

char* PutUtf8(std::uint32_t c, char* to) {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
  return to;
}

bool HasDuplicateKey(std::span<const JsonMember> members) {
  if (members.size() <= kFewMembers) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (members[i].key == members[j].key) return true;
      }
    }
    return false;
  }
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const JsonMember& member : members) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

// Kept by each thread: their memory is the larger part of the cost of a small document.
struct Scratch {
  ondemand::parser parser;
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;
};

class Walker {
 public:
  Walker(JsonBuilder& builder, Scratch& scratch)
      : builder_(builder),
        scratch_(scratch),
        end_(builder.source().data() + builder.source().size()) {
    scratch_.items.clear();
    scratch_.members.clear();
  }

  bool ReadRoot(JsonValue* to) {
    const std::string_view source = builder_.source();
    ondemand::document document;
    // The length and the padding are those of the builder's copy.
    if (Fails(scratch_.parser.iterate(source.data(), source.size(), source.size() + kJsonPadding)
                  .get(document))) {
      return false;
    }
    bool is_scalar = false;
    if (Fails(document.is_scalar().get(is_scalar))) return false;
    if (is_scalar) return ReadScalarRoot(to);
    ondemand::value value;
    if (Fails(document.get_value().get(value))) return false;
    if (!Read(value, to)) return false;
    return AtEnd(document, *to);
  }

  const Error& error() const { return error_; }

 private:
  bool Fails(simdjson::error_code code) {
    if (code == simdjson::SUCCESS) return false;
    error_ = at_ != nullptr ? builder_.Malformed(at_, simdjson::error_message(code))
                            : Error{Code::kMalformed, simdjson::error_message(code)};
    return true;
  }
  bool FailWith(simdjson::error_code code) { return !Fails(code); }
  bool Fail(Error error) {
    error_ = std::move(error);
    return false;
  }

  // A scalar alone is never a hot path, and simdjson has other, looser rules for it.
  bool ReadScalarRoot(JsonValue* to) {
    const Result<JsonValue> value = ReadWithJsoncpp(builder_);
    if (!value) return Fail(value.error());
    *to = *value;
    return true;
  }

  bool AtEnd(ondemand::document& document, const JsonValue& root) {
    // There is no next token: the only thing that says so in this version of simdjson.
    if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) return true;
    return Fail(builder_.Malformed(root.raw.data() + root.raw.size(), "text after the end"));
  }

  bool Read(ondemand::value& value, JsonValue* to) {
    if (!builder_.CountNode()) return Fail(JsonBuilder::TooManyNodes());
    const std::string_view token = value.raw_json_token();
    at_ = token.data();
    ondemand::json_type type = ondemand::json_type::null;
    if (Fails(value.type().get(type))) return false;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
      if (++depth_ > kMaxJsonDepth) return Fail(JsonBuilder::TooDeep());
      const bool done =
          type == ondemand::json_type::object ? ReadObject(value, to) : ReadArray(value, to);
      --depth_;
      return done;
    }
    return ReadScalar(value, type, token, to);
  }

  bool ReadScalar(ondemand::value& value, ondemand::json_type type, std::string_view token,
                  JsonValue* to) {
    while (!token.empty() && IsJsonSpace(token.back())) token.remove_suffix(1);
    to->raw = token;
    switch (type) {
      case ondemand::json_type::string: {
        ondemand::raw_json_string ignored;
        to->kind = JsonKind::kString;
        if (Fails(value.get_raw_json_string().get(ignored))) return false;
        if (token.size() < 2 || token.back() != '"') return FailWith(simdjson::STRING_ERROR);
        return Unescape(token.substr(1, token.size() - 2), &to->text);
      }
      case ondemand::json_type::number: {
        double ignored = 0;
        to->kind = JsonKind::kNumber;
        to->text = token;
        if (Fails(value.get_double().get(ignored))) return false;
        return IsJsonNumber(token) || FailWith(simdjson::NUMBER_ERROR);
      }
      case ondemand::json_type::boolean:
        to->kind = JsonKind::kBool;
        return !Fails(value.get_bool().get(to->boolean));
      default: {
        bool is_null = false;
        to->kind = JsonKind::kNull;
        if (Fails(simdjson::simdjson_result<bool>(value.is_null()).get(is_null))) return false;
        return is_null || FailWith(simdjson::N_ATOM_ERROR);
      }
    }
  }

  bool ReadArray(ondemand::value& value, JsonValue* to) {
    const char* after = at_ + 1;
    const char* const start = at_;
    const std::size_t first = scratch_.items.size();
    ondemand::array array;
    if (Fails(value.get_array().get(array))) return false;
    for (auto element : array) {
      ondemand::value item_value;
      JsonValue item;
      if (Fails(std::move(element).get(item_value)) || !Read(item_value, &item)) return false;
      after = item.raw.data() + item.raw.size();
      scratch_.items.push_back(item);
    }
    to->kind = JsonKind::kArray;
    to->items = builder_.Keep(std::span<const JsonValue>(scratch_.items).subspan(first));
    scratch_.items.resize(first);
    return Close(start, after, ']', to);
  }

  bool ReadObject(ondemand::value& value, JsonValue* to) {
    const char* after = at_ + 1;
    const char* const start = at_;
    const std::size_t first = scratch_.members.size();
    ondemand::object object;
    if (Fails(value.get_object().get(object))) return false;
    for (auto element : object) {
      ondemand::field field;
      JsonMember member;
      if (Fails(std::move(element).get(field)) || !ReadKey(field.key().raw(), &member.key) ||
          !Read(field.value(), &member.value)) {
        return false;
      }
      after = member.value.raw.data() + member.value.raw.size();
      scratch_.members.push_back(member);
    }
    const auto members = std::span<const JsonMember>(scratch_.members).subspan(first);
    if (HasDuplicateKey(members)) {
      return Fail(builder_.Malformed(start, "a key stands twice in this object"));
    }
    to->kind = JsonKind::kObject;
    to->members = builder_.Keep(members);
    scratch_.members.resize(first);
    return Close(start, after, '}', to);
  }

  // simdjson has seen the bracket; this finds it again, for the exact source of the container.
  bool Close(const char* start, const char* after, char bracket, JsonValue* to) {
    while (after != end_ && IsJsonSpace(*after)) ++after;
    at_ = start;
    if (after == end_ || *after != bracket) return FailWith(simdjson::TAPE_ERROR);
    to->raw = {start, static_cast<std::size_t>(after + 1 - start)};
    return true;
  }

  // `begin` is behind the opening quote; simdjson has seen the closing one.
  bool ReadKey(const char* begin, std::string_view* out) {
    const char* at = begin;
    while (at != end_ && *at != '"') at += *at == '\\' && at + 1 != end_ ? 2 : 1;
    at_ = begin;
    return Unescape({begin, static_cast<std::size_t>(at - begin)}, out);
  }

  bool Unescape(std::string_view inside, std::string_view* out) {
    const auto* at = static_cast<const char*>(std::memchr(inside.data(), '\\', inside.size()));
    if (at == nullptr) {
      *out = inside;
      return true;
    }
    char* const begin = builder_.Allocate(inside.size());
    char* to = begin;
    const char* from = inside.data();
    const char* const end = from + inside.size();
    while (at != nullptr) {
      to = std::copy(from, at++, to);
      std::uint32_t code_point = 0;
      if (!ReadJsonEscape(&at, end, &code_point)) {
        return Fail(builder_.Malformed(inside.data(), "a bad escape in a string"));
      }
      to = PutUtf8(code_point, to);
      from = at;
      at = static_cast<const char*>(std::memchr(from, '\\', static_cast<std::size_t>(end - from)));
    }
    to = std::copy(from, end, to);
    *out = {begin, static_cast<std::size_t>(to - begin)};
    return true;
  }

  JsonBuilder& builder_;
  Scratch& scratch_;
  const char* const end_;
  const char* at_ = nullptr;  // the value being read, for errors
  int depth_ = 0;
  Error error_;
};

}  // namespace

Result<JsonValue> ReadWithSimdjson(JsonBuilder& builder) {
  thread_local Scratch scratch;
  Walker walker(builder, scratch);
  JsonValue root;
  if (!walker.ReadRoot(&root)) return walker.error();
  return root;
}

}  // namespace fiscalgate::base
