#include "fcgi/emulator/begateway/complaints.h"

#include <algorithm>
#include <span>

#include "lib/base/json.h"

namespace fiscalgate::emulator::begateway {
namespace {

using Entry = std::pair<std::string, std::string>;
using Entries = std::span<const Entry>;

// "credit_card/exp_month" -> "Exp month"
std::string Human(std::string_view field) {
  field.remove_prefix(field.rfind('/') + 1);  // npos + 1 is 0
  std::string out(field);
  std::replace(out.begin(), out.end(), '_', ' ');
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string_view Head(std::string_view path) { return path.substr(0, path.find('/')); }

// `entries` are sorted; `depth` bytes of their paths are written already.
void WriteErrors(Entries entries, std::size_t depth, base::JsonWriter* writer) {
  writer->BeginObject();
  while (!entries.empty()) {
    const std::string_view rest = std::string_view(entries[0].first).substr(depth);
    const std::string_view head = Head(rest);
    const auto end = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
      return Head(std::string_view(entry.first).substr(depth)) != head;
    });
    const Entries same(entries.begin(), end);
    writer->Key(head);
    if (head.size() < rest.size()) {
      WriteErrors(same, depth + head.size() + 1, writer);
    } else {
      writer->BeginArray();
      for (const Entry& entry : same) writer->String(entry.second);
      writer->EndArray();
    }
    entries = Entries(end, entries.end());
  }
  writer->EndObject();
}

std::string Body(std::string_view message, const std::string& errors, Form form) {
  base::JsonWriter writer;
  writer.BeginObject();
  if (form == Form::kOlder) writer.Key("response").BeginObject();
  if (form == Form::kThird) {
    writer.Key("code").String("E.1025").Key("friendly_message").String("Invalid request params");
  }
  writer.Key("message").String(message);
  if (!errors.empty()) writer.Key("errors").Raw(errors);
  if (form == Form::kOlder) writer.EndObject();
  writer.EndObject();
  return writer.Take();
}

}  // namespace

void Complaints::Add(std::string_view field, std::string_view text) {
  list_.emplace_back(std::string(field), std::string(text));
}

std::string Complaints::Message() const {
  std::string out;
  for (const auto& [field, text] : list_) {
    if (!out.empty()) out += " ";
    out += Human(field) + " " + text + (text.ends_with('.') ? "" : ".");
  }
  return out;
}

std::string Complaints::ErrorsJson() const {
  std::vector<Entry> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry& a, const Entry& b) { return a.first < b.first; });
  base::JsonWriter writer;
  WriteErrors(sorted, 0, &writer);
  return writer.Take();
}

http::Response JsonAnswer(int status, std::string body) {
  return {status,
          {{"Content-Type", "application/json"},
           {"Cache-Control", "no-store"},
           {"X-Content-Type-Options", "nosniff"}},
          std::move(body)};
}

http::Response Refusal(const Complaints& complaints, Form form) {
  return JsonAnswer(complaints.status(), Body(complaints.Message(), complaints.ErrorsJson(), form));
}

http::Response Refusal(int status, std::string_view message, Form form) {
  return JsonAnswer(status, Body(message, "", form));
}

http::Response NotFound(Form form) {
  if (form != Form::kAlternative) return Refusal(404, "Record not found", form);
  return JsonAnswer(404,
                    Body("Couldn't find Transaction", R"({"system":"Record not found"})", form));
}

}  // namespace fiscalgate::emulator::begateway
