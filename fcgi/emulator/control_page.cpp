#include "fcgi/emulator/control.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::size_t kShownDocuments = 20;

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Эмулятор БИТ драйвера</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre { font: 13px/1.35 ui-monospace, monospace; overflow-x: auto; }
.paper { background: #fdfcf5; color: #222; border: 1px solid #ccc; padding: 1rem; width: 48ch;
         max-width: 100%; box-sizing: content-box; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
</style></head><body>
<h1>Эмулятор БИТ драйвера</h1>
<p>Виртуальная касса: ничего не передаёт в налоговую службу.</p>
)";

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

// A flat JSON object as a table.
std::string Table(const std::string& json) {
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

std::string Rules(const Device& device) {
  std::string out;
  for (const FaultRule& rule : device.faults.rules()) {
    const bool endless = rule.left == FaultRule::kEndless;
    out += "<li><code>" + std::string(FaultName(rule.fault)) + "</code>: осталось " +
           (endless ? "без конца" : std::to_string(rule.left)) + ", сработал " +
           std::to_string(rule.hits) + "</li>\n";
  }
  return out.empty() ? "<p>Сбоев нет.</p>\n" : "<ul>" + out + "</ul>\n";
}

std::string FaultForm() {
  std::string options;
  std::string rows;
  for (const FaultKind& kind : AllFaults()) {
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
         rows + "</table>\n<p>Или в названии товара: <code>Чай [fault:paper-out]</code>.</p>\n";
}

std::string Documents(const Device& device) {
  std::string out;
  for (const Driver::Numbered& entry : device.driver->LastDocuments(kShownDocuments)) {
    const std::string& order = entry.document.order_id;
    out += "<h3>№ " + std::to_string(entry.number) +
           (order.empty() ? "" : ", заказ " + Escape(order)) + "</h3>\n<pre class=\"paper\">" +
           Escape(entry.document.text) + "</pre>\n";
  }
  return out.empty() ? "<p>Ещё ничего не напечатано.</p>\n" : out;
}

}  // namespace

http::Response ShowPage(const Device& device) {
  std::string page(kHead);
  page +=
      "<h2>Касса</h2>\n" + Table(device.driver->RegisterStatus()) +
      "<h2>Банковский терминал</h2>\n" + Table(device.driver->TerminalStatus()) +
      "<p>Защита от повтора заказа: " + (device.driver->deduplicate() ? "включена" : "выключена") +
      ". <a href=\"/emulator/status\">status</a>, "
      "<a href=\"/emulator/journal?after=0\">journal</a>, "
      "<a href=\"/emulator/slips\">slips</a></p>\n";
  page += "<h2>Сбои</h2>\n" + Rules(device) + FaultForm();
  page += "<h2>Последние документы</h2>\n" + Documents(device) + "</body></html>\n";
  return {200,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Cache-Control", "no-store"},
           {"Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"},
           {"X-Content-Type-Options", "nosniff"}},
          std::move(page)};
}

}  // namespace fiscalgate::emulator
