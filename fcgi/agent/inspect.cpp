// The commands that look and change nothing: check and status.
#include <cstdlib>

#include "fcgi/agent/agent.h"
#include "fcgi/agent/commands.h"
#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/text.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

void Line(bool good, const std::string& text) {
  platform::Print((good ? "  ok  " : "  !!  ") + text + "\n");
}

// The name the gateway knows this agent by; a journal that does not exist yet is made, so that the
// gateway never meets a name that is gone again.
bool InstanceOf(const Config& config, const RegisterConfig& one, std::string* instance) {
  Journal journal;
  const std::string folder = FolderOf(config, one);
  if (!platform::Exists(folder + "/journal")) {
    platform::Lock lock;
    std::string error;
    if (!platform::MakeFolder(folder, &error) || !lock.Take(config.state + "/lock")) return false;
    if (journal.Open(folder, {}) == Journal::Opened::kFailed) return false;
  } else if (!journal.Look(folder)) {
    Line(false, Tr("журнал: ", "journal: ") + journal.error());
    return false;
  }
  *instance = journal.instance();
  return true;
}

// A poll that names no turn is given no work.
bool CheckGateway(const RegisterConfig& one, const std::string& instance, DriverState driver) {
  Gateway gateway(RouteOf(one), one.key);
  Poll poll;
  poll.driver = driver;
  const Response response = gateway.Lease(instance, poll);
  const bool good = response.verdict == Verdict::kOk;
  Line(good, one.gateway + ": " + Advice(response));
  if (response.dated) {
    const bool right = std::abs(response.skew_ms) < kSkewMs;
    Line(right,
         right ? Tr("часы идут верно", "the clock is right") : ClockAdvice(response.skew_ms));
  }
  if (!response.lease.empty()) {
    const Report report{response.lease, Delivery::kNotSent, "fiscalgate-agent check", {}};
    gateway.Answer(instance, report, kReportTimeoutMs);
  }
  return good;
}

bool CheckOne(const Config& config, const RegisterConfig& one) {
  platform::Print(one.name + "\n");
  Driver driver(DriverOf(one));
  std::string error, instance;
  const bool driver_good = driver.Probe(&error);
  Line(driver_good,
       one.driver + ": " +
           (driver_good ? std::string(Tr("драйвер кассы отвечает", "the driver is there"))
                        : Tr("нет связи с драйвером кассы: запущен ли он? ",
                             "cannot reach the driver: is it running? ") +
                              error));
  if (!InstanceOf(config, one, &instance)) {
    Line(false, Tr("журнала нет и его не создать: ", "there is no journal and none can be made: ") +
                    FolderOf(config, one));
    return false;
  }
  return CheckGateway(one, instance, driver.state()) && driver_good;
}

void ShowHeld(const Held& held) {
  const bool begun = !held.answered;
  platform::Print("  " + held.lease.substr(0, 8) + "  " + UtcStamp(held.wall_ms) + "  " +
                  (begun ? Tr("у драйвера", "with the driver") : DeliveryName(held.delivery)) +
                  (held.error.empty() ? "" : ": " + held.error) + "\n");
}

bool ShowStatus(const Config& config, const RegisterConfig& one) {
  const std::string folder = FolderOf(config, one);
  Journal journal;
  platform::Print(one.name + "  " + one.gateway + " -> " + one.driver + "\n");
  if (!journal.Look(folder)) {
    Line(false, Tr("журнал: ", "journal: ") + journal.error());
    return false;
  }
  platform::Print(Tr("  агент ", "  instance ") + journal.instance() +
                  Tr(", журнал ", ", journal ") + std::to_string(journal.bytes()) +
                  Tr(" байт, не передано: ", " bytes, not yet reported: ") +
                  std::to_string(journal.held().size()) + "\n");
  for (const Held& held : journal.held()) ShowHeld(held);
  const std::size_t refused = platform::List(folder + "/refused").size();
  if (refused > 0) {
    Line(false, std::to_string(refused) +
                    Tr(" ответов шлюз не принял, они в папке ",
                       " answers were refused by the gateway, they are in ") +
                    folder + "/refused");
  }
  return true;
}

}  // namespace

int CheckCommand(const Options& options) {
  const auto config = ConfigFor(options);
  if (!config) return 1;
  bool good = !config->registers.empty();
  for (const RegisterConfig& one : config->registers) {
    if (options.name.empty() || EqualNoCase(options.name, one.name)) {
      good = CheckOne(*config, one) && good;
    }
  }
  return good ? 0 : 1;
}

int StatusCommand(const Options& options) {
  const auto config = ConfigFor(options);
  if (!config) return 1;
  bool good = true;
  for (const RegisterConfig& one : config->registers) good = ShowStatus(*config, one) && good;
  return good ? 0 : 1;
}

}  // namespace fiscalgate::agent
