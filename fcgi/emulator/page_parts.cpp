#include "fcgi/emulator/page_parts.h"

#include "lib/base/json.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::string_view kHeadStart = R"(<!doctype html>
<html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre { font: 13px/1.35 ui-monospace, monospace; overflow-x: auto; }
.paper { background: #fdfcf5; color: #222; border: 1px solid #ccc; padding: 1rem; width: 48ch;
         max-width: 100%; box-sizing: content-box; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
</style>
)";

}  // namespace

std::string PageHead(std::string_view title) {
  const std::string name = Escape(title);
  return std::string(kHeadStart) + "<title>" + name + "</title></head><body>\n<h1>" + name +
         "</h1>\n<p>Виртуальная касса: ничего не передаёт в налоговую службу.</p>\n";
}

std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string PageTable(const std::string& json) {
  const auto document = base::ParseJson(json);
  FG_CHECK(document.ok());  // it was written here
  std::string out = "<table>\n";
  for (const base::JsonMember& member : document->root().members) {
    const base::JsonValue& value = member.value;
    out += "<tr><th>" + Escape(member.key) + "</th><td>" +
           Escape(value.is_string() ? value.text : value.raw) + "</td></tr>\n";
  }
  return out + "</table>\n";
}

std::string FaultRules(const FaultBox& box) {
  std::string out;
  for (const FaultRule& rule : box.rules()) {
    const bool endless = rule.left == FaultRule::kEndless;
    out += "<li><code>" + std::string(FaultName(rule.fault)) + "</code>: осталось " +
           (endless ? "без конца" : std::to_string(rule.left)) + ", сработал " +
           std::to_string(rule.hits) + "</li>\n";
  }
  return out.empty() ? "<p>Сбоев нет.</p>\n" : "<ul>" + out + "</ul>\n";
}

std::string FaultForm(std::span<const FaultKind> kinds) {
  std::string options;
  std::string rows;
  for (const FaultKind& kind : kinds) {
    const std::string name(kind.name);
    options += "<option>" + name + "</option>";
    rows +=
        "<tr><td><code>" + name + "</code></td><td>" + Escape(kind.description) + "</td></tr>\n";
  }
  return "<form method=\"post\" action=\"/emulator/faults\">"
         "<label>Сбой <select name=\"fault\">" +
         options +
         "</select></label> <label>раз <input name=\"count\" value=\"1\" size=\"4\"></label> "
         "<label>задержка, мс <input name=\"delay_ms\" size=\"6\"></label> "
         "<button>Включить</button></form>\n"
         "<form method=\"post\" action=\"/emulator/faults\">"
         "<button name=\"fault\" value=\"none\">Снять все</button></form>\n"
         "<table>" +
         rows + "</table>\n";
}

http::Response PageResponse(std::string page) {
  return {200,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Cache-Control", "no-store"},
           {"Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"},
           {"X-Content-Type-Options", "nosniff"}},
          std::move(page)};
}

}  // namespace fiscalgate::emulator
