#include "fcgi/emulator/cloud/control.h"
#include "fcgi/emulator/page_parts.h"

namespace fiscalgate::emulator::cloud {
namespace {

constexpr std::size_t kShownDocuments = 20;

std::string ChoiceTable(std::span<const Choice> choices) {
  std::string out = "<table>\n<tr><th>Поведение</th><th>Откуда известно</th></tr>\n";
  for (const Choice& choice : choices) {
    out += "<tr><td>" + Escape(choice.behaviour) + "</td><td>" + Escape(choice.source) +
           "</td></tr>\n";
  }
  return out + "</table>\n";
}

std::string Papers(const Cloud& cloud) {
  std::string out;
  std::size_t count = 0;
  const auto& journal = cloud.press->journal();
  for (auto document = journal.rbegin(); document != journal.rend(); ++document) {
    if (document->kind != "receipt") continue;
    if (++count > kShownDocuments) break;
    out += "<h3>" + Escape(document->order_id) + "</h3>\n<pre class=\"paper\">" +
           Escape(document->text) + "</pre>\n";
  }
  return out.empty() ? "<p>Ещё ничего не напечатано.</p>\n" : out;
}

}  // namespace

http::Response ShowPage(const Service& service, Cloud& cloud) {
  std::string page = PageHead("Эмулятор: " + std::string(service.title()));
  page +=
      "<p><a href=\"/emulator/status\">status</a>, <a "
      "href=\"/emulator/documents\">documents</a>, <a "
      "href=\"/emulator/records\">records</a>, <a "
      "href=\"/emulator/mapping\">mapping</a></p>\n<h2>Что известно и что выбрано</h2>\n" +
      ChoiceTable(service.choices()) + "<h2>Сбои</h2>\n" + FaultRules(cloud.faults) +
      FaultForm(service.faults());
  std::lock_guard lock(cloud.mutex);
  page += "<h2>Касса</h2>\n" + PageTable(cloud.press->StatusJson()) +
          "<h2>Последние документы</h2>\n" + Papers(cloud) + "</body></html>\n";
  return PageResponse(std::move(page));
}

}  // namespace fiscalgate::emulator::cloud
