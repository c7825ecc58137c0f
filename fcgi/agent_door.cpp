#include "fcgi/agent_door.h"

#include <algorithm>
#include <charconv>

#include "fcgi/error_reply.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Language;
using Refusal = std::optional<http::Response>;

constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kInstanceLength = 26;
constexpr std::size_t kMaxVersionBytes = 64;
constexpr std::size_t kMaxLeaseBytes = 64;
constexpr std::int64_t kSpokenVersion = 1;  // the first number of the agent's version
constexpr std::size_t kPrintBytes = 8;

std::string_view Say(Language language, std::string_view russian, std::string_view english) {
  return language == Language::kEnglish ? english : russian;
}

bool All(std::string_view text, bool (*fits)(char)) {
  return std::all_of(text.begin(), text.end(), fits);
}

bool IsInstance(std::string_view text) {
  return text.size() == kInstanceLength &&
         All(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

bool IsVersion(std::string_view text) {
  return !text.empty() && text.size() <= kMaxVersionBytes &&
         All(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// The whole number that the text begins with; -1 if with none.
std::int64_t NumberOf(std::string_view text) {
  std::int64_t number = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() ? number : -1;
}

std::string KeyOf(const http::Request& request) {
  const std::string_view value = http::FindHeader(request.headers, "authorization");
  if (!value.starts_with(kBearer)) return "";
  const std::string_view key = base::Trim(value.substr(kBearer.size()));
  return key.size() > base::kMaxTokenBytes ? "" : std::string(key);
}

std::string DriverOf(const http::Request& request) {
  const std::string_view said = http::FindHeader(request.headers, "fiscalgate-driver");
  for (const std::string_view known : {"ok", "unreachable", "unknown"}) {
    if (said == known) return std::string(said);
  }
  return "";
}

}  // namespace

std::string AgentDoor::PrintOf(const base::Secret& key) {
  return key.empty() ? "" : base::Sha256(key.Reveal()).substr(0, kPrintBytes);
}

std::string AgentDoor::LeaseOf(const http::Request& request) {
  const std::string_view lease = http::FindHeader(request.headers, "fiscalgate-lease");
  const bool fits = lease.size() <= kMaxLeaseBytes && All(lease, [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                    });
  return fits ? std::string(lease) : "";
}

http::Response AgentDoor::Malformed(Language language, std::string_view header) {
  return ErrorResponse(Code::kMalformed, language,
                       {{std::string(header), "malformed",
                         std::string(Say(language, "Заголовок отсутствует или не читается",
                                         "The header is missing or cannot be read"))}});
}

Refusal AgentDoor::AdmitKey(const http::Request& request, AgentVisit* visit) {
  const std::string key = KeyOf(request);
  const auto find = [&](task::DirectoryPtr directory) {
    visit->directory = std::move(directory);
    visit->register_ = visit->directory->FindRegisterByAgentKey(key);
    return visit->register_ != nullptr;
  };
  if (!key.empty() && find(parts_.directory.Current())) return std::nullopt;
  if (!wrong_keys_.Allow(0, base::kWrongAgentKeysPerSecond)) {
    return ErrorResponse(Code::kRateLimited, visit->language);
  }
  if (!key.empty() && find(parts_.directory.LookAgain())) return std::nullopt;
  return NamedRefusal(401, "agent_key_unknown",
                      Say(visit->language,
                          "Ключ агента неизвестен или заменён: выполните на шлюзе fiscalgate admin "
                          "register agent-setup",
                          "The agent's key is unknown or was replaced: run fiscalgate admin "
                          "register agent-setup on the gateway"));
}

Refusal AgentDoor::AdmitInstance(AgentVisit* visit) {
  const task::Register& r = *visit->register_;
  std::string bound = r.agent_instance;
  if (bound.empty()) {
    const auto now_bound = parts_.store.BindAgent(r.key, r.agent_key, visit->instance);
    if (!now_bound) return ErrorResponse(Code::kUnavailable, visit->language);
    bound = *now_bound;
    log::Info("agent_bound", {{"register", r.name}});
    // What is handed over from now on is this instance's.
    parts_.directory.Poll();
  }
  if (bound == visit->instance) return std::nullopt;
  log::Warn("agent_of_another_place", {{"register", r.name}});
  return NamedRefusal(409, "agent_bound_elsewhere",
                      Say(visit->language,
                          "Этот ключ уже у другого агента, или его журнал потерян. Если компьютер "
                          "заменён: fiscalgate admin register agent-setup --new-pc",
                          "This key belongs to another agent, or its journal was lost. If the "
                          "computer was replaced: fiscalgate admin register agent-setup --new-pc"));
}

Refusal AgentDoor::Admit(const http::Request& request, AgentVisit* visit) {
  visit->language = LanguageOf(request);
  if (Refusal refusal = AdmitKey(request, visit)) return refusal;
  const std::string_view version = http::FindHeader(request.headers, "fiscalgate-version");
  if (!IsVersion(version)) return Malformed(visit->language, "Fiscalgate-Version");
  if (NumberOf(version) != kSpokenVersion) {
    return NamedRefusal(426, "agent_too_old",
                        Say(visit->language, "Эта версия агента не поддерживается: обновите его",
                            "This version of the agent is not spoken to: install a newer one"));
  }
  visit->instance = http::FindHeader(request.headers, "fiscalgate-agent");
  if (!IsInstance(visit->instance)) return Malformed(visit->language, "Fiscalgate-Agent");
  visit->key_print = PrintOf(visit->register_->agent_key);
  if (Refusal refusal = AdmitInstance(visit)) return refusal;
  Note(request, *visit, version);
  return std::nullopt;
}

void AgentDoor::Note(const http::Request& request, const AgentVisit& visit,
                     std::string_view version) {
  const std::int64_t now = base::ToMillis(parts_.clock.Now());
  const std::int64_t theirs = NumberOf(http::FindHeader(request.headers, "fiscalgate-clock"));
  parts_.roster.Note(visit.register_->key, std::string(version), DriverOf(request),
                     theirs < 0 ? 0 : theirs - now);
}

Refusal AgentDoor::MayWork(const AgentVisit& visit) {
  const task::Register& r = *visit.register_;
  if (r.enabled && r.via == task::Via::kAgent) return std::nullopt;
  return NamedRefusal(
      403, "agent_off",
      r.enabled ? Say(visit.language, "Касса работает не через агента: register set --via agent",
                      "The register is not reached by an agent: register set "
                      "--via agent")
                : Say(visit.language, "Касса отключена на шлюзе",
                      "The register is disabled on the gateway"));
}

}  // namespace fiscalgate
