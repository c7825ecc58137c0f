// The doctor's look at the work: lanes, callbacks, agents, registers and their certificates.
#include <algorithm>
#include <map>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/doctor_checks.h"
#include "lib/task/device.h"

namespace fiscalgate::admin {
namespace {

constexpr std::chrono::minutes kLongWait{15};
constexpr std::chrono::seconds kUnseen{60};
constexpr std::int64_t kAgentClockMs = 60'000;

std::string Text(std::int64_t number) { return std::to_string(number); }

std::string Ago(base::WallTime then, base::WallTime now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
  if (seconds < 120) return Text(seconds) + std::string(Say(" s", " с"));
  if (seconds < 7200) return Text(seconds / 60) + std::string(Say(" min", " мин"));
  return Text(seconds / 3600) + std::string(Say(" h", " ч"));
}

void CheckLanes(const store::Gauges& gauges, const task::Directory& directory, base::WallTime now,
                Findings* findings) {
  const store::LaneDepth* longest = nullptr;
  std::int64_t live = 0, lanes = 0;
  for (const store::LaneDepth& lane : gauges.lanes) {
    live += lane.live;
    lanes += lane.live > 0 ? 1 : 0;
    if (longest == nullptr || lane.live > longest->live) longest = &lane;
  }
  std::string text =
      Text(live) + std::string(Say(" tasks not over, in ", " незавершённых задач, касс с ними ")) +
      Text(lanes) + std::string(Say(" lanes", ""));
  if (longest != nullptr && longest->live > 0) {
    const task::Register* r = directory.FindRegister(longest->register_key);
    text += std::string(Say("; the longest: ", "; длиннее всех: ")) +
            (r != nullptr ? r->name : "?") + " " + Text(longest->live);
  }
  Finding finding{Level::kOk, "lanes", text, ""};
  if (gauges.oldest_queued) {
    finding.text += std::string(Say("; the oldest waits for ", "; старейшая ждёт ")) +
                    Ago(*gauges.oldest_queued, now);
    if (now - *gauges.oldest_queued > kLongWait) {
      finding.level = Level::kWarn;
      finding.advice =
          Say("a register is off, or its lane stands: task list --state queued, then "
              "task show ID says why",
              "касса выключена или её очередь стоит: task list --state queued, затем "
              "task show ID скажет почему");
    }
  }
  finding.With("live", live).With("queued", gauges.queued);
  findings->Add(std::move(finding));
}

void CheckUnknown(const store::Gauges& gauges, Findings* findings) {
  if (gauges.unknown > 0) {
    findings
        ->Warn("unknown",
               Text(gauges.unknown) + std::string(Say(" tasks: nobody knows whether they "
                                                      "were printed",
                                                      " задач: неизвестно, пробиты ли "
                                                      "чеки")),
               Say("task list --state unknown, then task settle",
                   "task list --state unknown, "
                   "затем task settle"))
        .With("count", gauges.unknown);
  }
  if (gauges.paid_without_receipt > 0) {
    findings
        ->Warn("paid_without_receipt",
               Text(gauges.paid_without_receipt) +
                   std::string(Say(" orders are paid and have no receipt",
                                   " заказов оплачены, а чека нет")),
               "task list --paid-without-receipt")
        .With("count", gauges.paid_without_receipt);
  }
}

void CheckCallbacks(const store::Gauges& gauges, Findings* findings) {
  const std::string text = Text(gauges.callbacks_pending) +
                           std::string(Say(" pending, ", " ждут, ")) + Text(gauges.callbacks_dead) +
                           std::string(Say(" given up", " не доставлены"));
  if (gauges.callbacks_dead > 0) {
    findings
        ->Warn("callbacks", text,
               Say("a shop did not confirm for three days: callback list, then callback replay "
                   "--dead --shop ACCOUNT",
                   "магазин не подтвердил за три дня: callback list, затем callback replay --dead "
                   "--shop ACCOUNT"))
        .With("dead", gauges.callbacks_dead);
  } else {
    findings->Ok("callbacks", text).With("dead", 0);
  }
}

// Of one register with an agent; empty: it is well.
std::string TroubleOf(const store::AgentStatus* agent, base::WallTime now) {
  if (agent == nullptr) return std::string(Say("was never seen", "ни разу не выходил на связь"));
  if (now - agent->seen_at > kUnseen) {
    return std::string(Say("not seen for ", "не на связи ")) + Ago(agent->seen_at, now);
  }
  if (agent->driver == "unreachable") {
    return std::string(Say("does not reach the driver", "не достаёт до драйвера"));
  }
  if (std::abs(agent->clock_skew_ms) > kAgentClockMs) {
    return std::string(Say("its clock is wrong by ", "его часы ошибаются на ")) +
           Text(agent->clock_skew_ms / 1000) + std::string(Say(" s", " с"));
  }
  return "";
}

void CheckAgents(const task::Directory& directory, const std::vector<store::AgentStatus>& agents,
                 base::WallTime now, Findings* findings) {
  std::int64_t well = 0;
  for (const task::Register& r : directory.registers()) {
    if (!r.enabled || r.via != task::Via::kAgent || r.is_cloud()) continue;
    const auto agent = std::find_if(agents.begin(), agents.end(),
                                    [&](const auto& each) { return each.register_key == r.key; });
    const std::string trouble = TroubleOf(agent == agents.end() ? nullptr : &*agent, now);
    if (trouble.empty()) {
      ++well;
      continue;
    }
    findings->Warn("agent", r.name + ": " + trouble,
                   Say("on the computer beside it: fiscalgate-agent check",
                       "на компьютере у кассы: fiscalgate-agent check"));
  }
  if (well > 0) {
    findings->Ok("agents", Text(well) + std::string(Say(" are there", " на связи")));
  }
}

void CheckDevices(const task::Directory& directory, const std::vector<task::DeviceState>& devices,
                  base::WallTime now, Findings* findings) {
  const base::Language language =
      Say("en", "ru") == "ru" ? base::Language::kRussian : base::Language::kEnglish;
  for (const task::DeviceState& device : devices) {
    const task::Register* r = directory.FindRegister(device.register_key);
    if (r == nullptr || !r->enabled) continue;
    for (const task::DeviceWarning& warning : task::WarningsOf(device, now, language)) {
      findings->Warn("register", r->name + ": " + warning.text, "register show " + r->name);
    }
  }
}

void CheckCertificates(const task::Directory& directory, base::WallTime now, Findings* findings) {
  for (const task::Register& r : directory.registers()) {
    if (!r.enabled) continue;
    for (const auto& [name, value] : r.settings) {
      if (value.find("-----BEGIN CERTIFICATE-----") == std::string::npos) continue;
      JudgeCertificates(r.name + ", " + name, value, now, findings);
    }
  }
}

}  // namespace

void CheckWork(store::Store& store, base::WallTime now, Findings* findings) {
  const auto directory = store.LoadDirectory();
  const auto gauges = store.ReadGauges();
  const auto agents = store.ListAgents();
  const auto devices = store.DeviceStates();
  for (const base::Error* error :
       {directory ? nullptr : &directory.error(), gauges ? nullptr : &gauges.error(),
        agents ? nullptr : &agents.error(), devices ? nullptr : &devices.error()}) {
    if (error == nullptr) continue;
    findings->Fail("store", error->what, "");
    return;
  }
  CheckLanes(*gauges, **directory, now, findings);
  CheckUnknown(*gauges, findings);
  CheckCallbacks(*gauges, findings);
  CheckAgents(**directory, *agents, now, findings);
  CheckDevices(**directory, *devices, now, findings);
  CheckCertificates(**directory, now, findings);
}

}  // namespace fiscalgate::admin
