// The doctor's look at the nodes that share a store.
#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/doctor_checks.h"
#include "fcgi/version.h"
#include "lib/base/limits.h"

namespace fiscalgate::admin {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{250};

std::string Text(std::int64_t number) { return std::to_string(number); }

std::int64_t RenewalsOf(const store::ClusterView& view, const std::string& token) {
  for (const store::Node& node : view.nodes) {
    if (node.token == token) return node.renewals;
  }
  return -1;  // it has left
}

bool AllHaveRenewed(const store::ClusterView& first, const store::ClusterView& now) {
  return std::all_of(first.nodes.begin(), first.nodes.end(), [&](const store::Node& node) {
    return RenewalsOf(now, node.token) != node.renewals;
  });
}

// What is there after as long as it takes each to give a sign of life, or the longest it may take.
base::Result<store::ClusterView> LookAgain(store::Nodes& nodes, const base::Clock& clock,
                                           const store::ClusterView& first) {
  std::mutex mutex;
  std::condition_variable pause;
  const base::MonoTime until = clock.Mono() + base::kNodeSilence;
  base::Result<store::ClusterView> view = nodes.Look();
  while (view.ok() && !AllHaveRenewed(first, *view) && clock.Mono() < until) {
    std::unique_lock lock(mutex);
    pause.wait_for(lock, kBetweenLooks);
    view = nodes.Look();
  }
  return view;
}

void JudgeNodes(const store::ClusterView& first, const store::ClusterView& view,
                Findings* findings) {
  std::map<std::string, std::int64_t> lanes;
  for (const store::LaneHolder& lane : view.lanes) ++lanes[lane.node];
  for (const store::Node& node : view.nodes) {
    const std::string text = node.name + " " + node.version + ", " + Text(lanes[node.token]) +
                             std::string(Say(" lanes", " касс"));
    const bool is_silent = RenewalsOf(first, node.token) == node.renewals;
    Finding finding{Level::kOk, "node", text, ""};
    if (is_silent) {
      finding.level = Level::kWarn;
      finding.advice = Say("it gives no sign of life; the others take its lanes",
                           "не подаёт признаков жизни; его кассы возьмут другие");
    } else if (node.version != FISCALGATE_VERSION) {
      finding.text +=
          std::string(Say("; this program is ", "; эта программа ")) + FISCALGATE_VERSION;
    }
    finding.With("lanes", lanes[node.token]);
    findings->Add(std::move(finding));
  }
  if (view.nodes.empty()) {
    findings->Warn("node", std::string(Say("no gateway is connected", "ни один шлюз не подключён")),
                   Say("systemctl start fiscalgate", "systemctl start fiscalgate"));
  } else if (lanes[""] > 0) {
    findings
        ->Warn("node",
               Text(lanes[""]) + std::string(Say(" lanes belong to no node",
                                                 " касс не принадлежат ни одному узлу")),
               Say("they are taken within seconds; if not, look at the nodes' logs",
                   "их должны взять за секунды; если нет, смотрите журналы узлов"))
        .With("lanes", lanes[""]);
  }
}

}  // namespace

void CheckNodes(store::Nodes& nodes, const base::Clock& clock, Findings* findings) {
  const base::Result<store::ClusterView> first = nodes.Look();
  const base::Result<store::ClusterView> view = first ? LookAgain(nodes, clock, *first) : first;
  if (view) return JudgeNodes(*first, *view, findings);
  findings->Fail("node", view.error().what, Say("see above", "смотрите выше"));
}

}  // namespace fiscalgate::admin
