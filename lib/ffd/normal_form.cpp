#include "lib/ffd/normal_form.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "lib/base/text.h"
#include "lib/ffd/cp866.h"
#include "lib/ffd/fields.h"

namespace fiscalgate::ffd {
namespace {

constexpr int kPaymentsKey = -1;                           // the driver's own object
constexpr int kListed[] = {1059, 1119, 1235, 1260, 1261};  // lists, also of one

// One object in the making: values by tag, in the order of their first.
class Node {
 public:
  void Add(int tag, std::string json) {
    const auto same = [tag](const Member& member) { return member.tag == tag; };
    auto found = std::find_if(members_.begin(), members_.end(), same);
    if (found == members_.end()) found = members_.insert(members_.end(), Member{tag, {}});
    found->values.push_back(std::move(json));
  }

  void Write(base::JsonWriter* writer) const {
    writer->BeginObject();
    for (const Member& member : members_) {
      writer->Key(KeyOf(member.tag));
      const bool is_list = member.values.size() > 1 ||
                           std::count(std::begin(kListed), std::end(kListed), member.tag);
      if (is_list) writer->BeginArray();
      for (const std::string& value : member.values) writer->Raw(value);
      if (is_list) writer->EndArray();
    }
    writer->EndObject();
  }

 private:
  struct Member {
    int tag;
    std::vector<std::string> values;
  };
  static std::string KeyOf(int tag) {
    if (tag == kPaymentsKey) return "payments";
    const Tag* const known = FindTag(tag);
    return known == nullptr ? std::to_string(tag) : std::string(known->key);
  }
  std::vector<Member> members_;
};

std::string Quoted(std::string_view text) {
  std::string json;
  base::AppendJsonString(text, &json);
  return json;
}

std::string TimeOfDay(int seconds) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                seconds % 60);
  return text;
}

// What a FieldVisitor writes to.
class JsonFields {
 public:
  void Byte(int tag, int number) { node_->Add(tag, std::to_string(number)); }
  void Var(int tag, std::int64_t number) { node_->Add(tag, std::to_string(number)); }
  void Money(int tag, base::Money money) {
    const bool is_payment = (FindTag(tag)->places & kPayments) != 0;
    (is_payment ? payments_ : *node_).Add(tag, base::FormatMoney(money));
  }
  void Quantity(int tag, base::Quantity quantity) {
    node_->Add(tag, base::FormatQuantity(quantity));
  }
  void Seconds(int tag, const DateTime& time) {
    std::string text = FormatDay(time.day);
    if (time.seconds != 0) text += " " + TimeOfDay(time.seconds);
    node_->Add(tag, Quoted(text));
  }
  void Text(int tag, const std::string& text) { node_->Add(tag, Quoted(AsPrinted(text))); }
  void Fixed(int tag, const std::string& text) { Text(tag, text); }
  void Bytes(int tag, const std::string& bytes) {
    node_->Add(tag, Quoted(base::IsValidUtf8(bytes) ? bytes : base::HexEncode(bytes)));
  }
  template <typename Fields>
  void Group(int tag, int, Fields fields) {
    Node* const above = node_;
    Node inner;
    node_ = &inner;
    fields();
    node_ = above;
    base::JsonWriter writer;
    inner.Write(&writer);
    node_->Add(tag, writer.Take());
  }
  template <typename Fields>
  void Item(int index, Fields fields) {
    Group(1059, index, fields);
  }

  void Write(base::JsonWriter* writer) {
    base::JsonWriter payments;
    payments_.Write(&payments);
    root_.Add(kPaymentsKey, payments.Take());
    root_.Write(writer);
  }

 private:
  Node root_, payments_;
  Node* node_ = &root_;
};

}  // namespace

void WriteNormalForm(const Receipt& receipt, FfdVersion version, base::JsonWriter* writer) {
  JsonFields fields;
  FieldVisitor<JsonFields>(version, fields).Visit(receipt, TotalsOf(receipt));
  fields.Write(writer);
}

}  // namespace fiscalgate::ffd
