#include "lib/store/evidence.h"

#include <algorithm>

namespace fiscalgate::store {
namespace {

using task::State;

constexpr std::string_view kPrintedAfterNo =
    "напечатан, хотя считался ненапечатанным: проверьте, нет ли второго чека";
constexpr std::string_view kNotPrintedAfterYes =
    "не напечатан или напечатан не весь, хотя считается напечатанным";

bool SaysPrinted(const Proof& proof) {
  if (proof.meaning != Proof::Meaning::kOutcome) return false;
  const auto& commands = proof.outcome.commands;
  return proof.outcome.state == State::kDone ||
         std::any_of(commands.begin(), commands.end(), [](const task::CommandResult& result) {
           return result.state == task::CommandState::kDone;
         });
}

bool Applies(const task::Task& task, const Proof& proof) {
  const bool ends = proof.meaning == Proof::Meaning::kOutcome;
  const bool ends_or_not_done = ends || proof.meaning == Proof::Meaning::kNotDone;
  // Its agent has come to another node than the one that waits for it.
  if (task.state == State::kSending) return task.lease == proof.lease && ends_or_not_done;
  if (!task.lease.empty()) return false;
  if (task.state == State::kUnknown) return ends_or_not_done;
  return task.state == State::kQueued && ends;
}

}  // namespace

Ruling RuleOn(const task::Task& task, bool is_last, bool told, const Proof& proof) {
  const bool printed = SaysPrinted(proof);
  if (!is_last) return {false, printed ? kPrintedAfterNo : ""};
  // Silence proves nothing against a word.
  if (!proof.told.by_agent() && told) return {};
  const bool applies = Applies(task, proof);
  if (task.state == State::kUnknown || task.state == State::kSending) return {applies, ""};
  if (task.state == State::kDone) {
    const bool denies = proof.meaning == Proof::Meaning::kOutcome
                            ? proof.outcome.state != State::kDone
                            : proof.meaning == Proof::Meaning::kNotDone;
    return {false, denies ? kNotPrintedAfterYes : ""};
  }
  return {applies, printed ? kPrintedAfterNo : ""};
}

}  // namespace fiscalgate::store
