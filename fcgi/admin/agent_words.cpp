// The agent beside a register, as shown and as set up.
#include <algorithm>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/register_words.h"
#include "fcgi/admin/table.h"
#include "lib/base/text.h"
#include "lib/http/url.h"

namespace fiscalgate::admin {
namespace {

constexpr std::size_t kAgentKeyBytes = 24;

constexpr std::size_t kMaxLocalName = 40;

// As the agent takes it: run again with the same name, it replaces what it has of this register.
bool IsLocalName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxLocalName && name.front() != '-' &&
         name.front() != '.' && name.back() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

std::string Words(const AgentSetup& setup) {
  const bool plain = setup.gateway.starts_with("http://");
  return "install --gateway \"" + setup.gateway + "\" --key " + setup.key + " --name " +
         setup.name + (plain ? " --plain-http" : "");
}

std::string LinuxLine(const AgentSetup& setup) { return "sudo fiscalgate-agent " + Words(setup); }
std::string WindowsLine(const AgentSetup& setup) { return "fiscalgate-agent.exe " + Words(setup); }

}  // namespace

base::Status CheckGateway(const std::string& url) {
  if (url.empty()) {
    return base::Error{base::Code::kInvalid,
                       std::string(Say("give the address agents reach us by: --gateway URL, or "
                                       "server.public_url in the configuration",
                                       "укажите адрес, по которому агенты обращаются к шлюзу: "
                                       "--gateway URL или server.public_url в настройках"))};
  }
  if (!http::Url::Parse(url).ok() || url.find_first_of("'\"`$\\ ") != std::string::npos) {
    return base::Error{base::Code::kInvalid,
                       std::string(Say("--gateway: an address like https://receipts.example",
                                       "--gateway: адрес вида https://receipts.example"))};
  }
  return base::Ok();
}

std::string LocalNameOf(const task::Register& r) {
  return IsLocalName(r.name) ? r.name : "register-" + std::to_string(r.key);
}

void RenewAgentKey(bool rotate, bool new_pc, task::Register* r) {
  if (!rotate && !new_pc && !r->agent_key.empty()) return;
  r->agent_key = base::Secret(base::HexEncode(base::RandomBytes(kAgentKeyBytes)));
  if (new_pc) r->agent_instance.clear();
}

void WriteAgent(const task::Register& r, const store::AgentStatus* agent,
                base::JsonWriter* writer) {
  writer->BeginObject().Key("has_key").Bool(!r.agent_key.empty());
  writer->Key("instance").String(r.agent_instance);
  if (agent != nullptr) {
    writer->Key("seen_at").String(base::FormatUtc(agent->seen_at));
    writer->Key("version").String(agent->version).Key("driver").String(agent->driver);
    writer->Key("clock_skew_ms").Int(agent->clock_skew_ms);
  }
  writer->EndObject();
}

std::string AgentSheet(const task::Register& r, const store::AgentStatus* agent,
                       base::WallTime now) {
  Sheet sheet;
  if (agent == nullptr) {
    sheet.Add("agent", r.agent_key.empty()
                           ? Say("not set up: fiscalgate admin register agent-setup",
                                 "не настроен: fiscalgate admin register agent-setup")
                           : Say("has never called", "ещё не обращался"));
    return sheet.Text();
  }
  const auto ago = std::chrono::duration_cast<std::chrono::seconds>(now - agent->seen_at);
  sheet.Add("agent_seen", base::FormatUtc(agent->seen_at) + ", " + std::to_string(ago.count()) +
                              std::string(Say(" s ago", " с назад")));
  sheet.Add("agent_version", agent->version);
  sheet.Add("agent_driver", agent->driver);
  sheet.Add("agent_clock_skew_ms", std::to_string(agent->clock_skew_ms));
  sheet.Add("agent_instance", r.agent_instance.empty() ? "-" : r.agent_instance);
  return sheet.Text();
}

void WriteAgentSetup(const task::Register& r, const AgentSetup& setup, base::JsonWriter* writer) {
  writer->BeginObject().Key("name").String(r.name).Key("gateway").String(setup.gateway);
  writer->Key("key").String(setup.key).Key("linux").String(LinuxLine(setup));
  writer->Key("windows").String(WindowsLine(setup)).EndObject();
}

std::string AgentSetupToPaste(const AgentSetup& setup) {
  return std::string(Say("Run this on the computer beside the register. On Windows, as "
                         "administrator, in the folder of the program:",
                         "Выполните на компьютере рядом с кассой. В Windows, от имени "
                         "администратора, в папке программы:")) +
         "\n\n  " + WindowsLine(setup) + "\n\n" + std::string(Say("On Linux:", "В Linux:")) +
         "\n\n  " + LinuxLine(setup) + "\n\n" +
         std::string(Say("The key opens this register's queue: keep it to yourself.",
                         "Ключ открывает очередь этой кассы: не передавайте его никому."));
}

}  // namespace fiscalgate::admin
