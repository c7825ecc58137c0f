#include "fcgi/emulator/control.h"
#include "fcgi/emulator/page_parts.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::size_t kShownDocuments = 20;

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
  std::string page = PageHead("Эмулятор БИТ драйвера");
  page +=
      "<h2>Касса</h2>\n" + PageTable(device.driver->RegisterStatus()) +
      "<h2>Банковский терминал</h2>\n" + PageTable(device.driver->TerminalStatus()) +
      "<p>Защита от повтора заказа: " + (device.driver->deduplicate() ? "включена" : "выключена") +
      ". <a href=\"/emulator/status\">status</a>, "
      "<a href=\"/emulator/journal?after=0\">journal</a>, "
      "<a href=\"/emulator/slips\">slips</a></p>\n";
  page += "<h2>Сбои</h2>\n" + FaultRules(device.faults) + FaultForm(AllFaults()) +
          "<p>Или в названии товара: <code>Чай [fault:paper-out]</code>.</p>\n";
  page += "<h2>Последние документы</h2>\n" + Documents(device) + "</body></html>\n";
  return PageResponse(std::move(page));
}

}  // namespace fiscalgate::emulator
