#include "lib/agents/switchboard.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/crypto.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

namespace fiscalgate::agents {
namespace {

constexpr std::size_t kRunBytes = 8;
constexpr base::Milliseconds kJustHere{1'000};  // of an agent that asks without waiting
constexpr std::size_t kMaxTurnDigits = 18;

bool Contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool MayTake(const Poll& poll, const Errand& errand) {
  return errand.instance.empty() || errand.instance == poll.instance;
}

template <typename Acts>
void RunAll(const Acts& acts) {
  for (const auto& act : acts) act();
}

}  // namespace

Switchboard::Switchboard(const base::Clock& clock, Listener listener)
    : clock_(clock),
      listener_(std::move(listener)),
      run_(base::HexEncode(base::RandomBytes(kRunBytes))) {}

Switchboard::~Switchboard() = default;

// Of several, that of this run. 0: there is none.
Switchboard::Turn Switchboard::TurnOf(std::string_view text) const {
  while (!text.starts_with(run_)) {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) return 0;
    text.remove_prefix(comma + 1);
  }
  text = text.substr(0, text.find(','));
  if (text.size() <= run_.size() || text[run_.size()] != '.') return 0;
  text.remove_prefix(run_.size() + 1);
  Turn turn = 0;
  if (text.size() > kMaxTurnDigits) return 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), turn);
  return fault == std::errc() && end == text.data() + text.size() && turn > 0 ? turn : 0;
}

PollReply Switchboard::NextReply(Line* line) const {
  PollReply reply;
  reply.turn = run_ + "." + std::to_string(++line->turn);
  return reply;
}

void Switchboard::ReplyNothing(Line* line, Parked parked, Acts* acts) const {
  acts->push_back([to = std::move(parked.poll.reply), reply = NextReply(line)] { to(reply); });
}

void Switchboard::HandOver(Line* line, Parked parked, Waiting waiting, Acts* acts) const {
  if (waiting.errand.permit && !waiting.errand.permit()) {
    acts->push_back([silent = std::move(waiting.silent)] { silent(Silence::kNobody); });
    line->missed = true;
    return ReplyNothing(line, std::move(parked), acts);
  }
  const base::MonoTime now = clock_.Mono();
  PollReply reply = NextReply(line);
  reply.what = PollReply::What::kErrand;
  reply.begin_within =
      std::chrono::floor<std::chrono::seconds>(now - parked.came) + base::kAgentBegin;
  Given given;
  given.turn = line->turn;
  given.instance = parked.poll.instance;
  given.ends_at_last = now + base::kAgentBegin + waiting.errand.timeout + base::kAgentMargin;
  given.ends = std::min<base::MonoTime>(now + base::kAgentLease, given.ends_at_last);
  given.silent = std::move(waiting.silent);
  line->given.insert_or_assign(waiting.errand.lease, std::move(given));
  reply.errand = std::move(waiting.errand);
  acts->push_back([to = parked.poll.reply, reply = std::move(reply)] { to(reply); });
}

void Switchboard::GiveBack(Line* line, Acts* acts) const {
  acts->push_back([silent = std::move(line->waiting->silent)] { silent(Silence::kNobody); });
  line->waiting.reset();
  line->missed = true;
}

bool Switchboard::IsConnected(const Line& line, base::MonoTime now) const {
  return line.parked || (line.present && now - line.seen < base::kAgentAbsence);
}

void Switchboard::Seen(task::RegisterKey register_key, Line* line) {
  line->seen = clock_.Mono();
  if (std::exchange(line->present, true)) return;
  log::Info("agent_connected", {{"lane", register_key}});
}

void Switchboard::Carry(task::RegisterKey register_key, Errand errand,
                        std::function<void(Silence)> silent) {
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    Line& line = lines_[register_key];
    FG_CHECK(!line.waiting);
    const base::MonoTime now = clock_.Mono();
    // Past its time it has been given up, and is only not answered yet.
    const bool fits = line.parked && line.parked->until > now && MayTake(line.parked->poll, errand);
    const base::MonoTime until = now + errand.fetch_within;
    line.waiting = Waiting{std::move(errand), std::move(silent), until};
    if (stopping_ || !IsConnected(line, now)) {
      GiveBack(&line, &acts);
    } else if (fits) {
      HandOver(&line, *std::exchange(line.parked, std::nullopt),
               *std::exchange(line.waiting, std::nullopt), &acts);
    }
  }
  RunAll(acts);
}

bool Switchboard::Recall(task::RegisterKey register_key, const std::string& lease) {
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    const auto line = lines_.find(register_key);
    if (line == lines_.end() || !line->second.waiting) return false;
    if (line->second.waiting->errand.lease != lease) return false;
    GiveBack(&line->second, &acts);
  }
  RunAll(acts);
  return true;
}

void Switchboard::Told(task::RegisterKey register_key, const std::string& lease) {
  std::lock_guard lock(mutex_);
  const auto line = lines_.find(register_key);
  if (line == lines_.end()) return;
  Seen(register_key, &line->second);
  line->second.given.erase(lease);
}

void Switchboard::CallAgain(task::RegisterKey register_key) {
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    const auto line = lines_.find(register_key);
    if (line == lines_.end() || !line->second.parked) return;
    ReplyNothing(&line->second, *std::exchange(line->second.parked, std::nullopt), &acts);
  }
  RunAll(acts);
}

// What the poll says of leases that were handed over in this run.
void Switchboard::Prove(Line* line, const Poll& poll, Turn turn, bool newest, Acts* acts) const {
  for (auto entry = line->given.begin(); entry != line->given.end();) {
    const std::string& lease = entry->first;
    Given& given = entry->second;
    const bool ours = given.instance == poll.instance;
    if (ours && (given.turn == turn || Contains(poll.held, lease))) given.arrived = true;
    if (!newest || !ours || given.arrived || given.turn >= turn) {
      ++entry;
      continue;
    }
    log::Warn("lease_never_received", {{"lane", poll.register_key}});
    if (given.silent) {
      acts->push_back([silent = std::move(given.silent)] { silent(Silence::kNeverReceived); });
    } else {
      acts->push_back(
          [this, key = poll.register_key, lease] { listener_.never_received(key, lease); });
    }
    entry = line->given.erase(entry);
  }
}

void Switchboard::Resync(task::RegisterKey register_key) {
  const std::lock_guard lock(mutex_);
  const auto line = lines_.find(register_key);
  if (line != lines_.end()) line->second.synced.clear();
}

void Switchboard::TakePoll(Poll poll) {
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    const base::MonoTime now = clock_.Mono();
    Line& line = lines_[poll.register_key];
    Seen(poll.register_key, &line);
    const Turn turn = TurnOf(poll.turn);
    const bool newest = turn != 0 && turn == line.turn;
    Prove(&line, poll, turn, newest, &acts);
    if (line.parked) ReplyNothing(&line, *std::exchange(line.parked, std::nullopt), &acts);
    Parked parked{std::move(poll), now, now};
    parked.until += std::min<std::chrono::milliseconds>(parked.poll.wait, base::kMaxWait);
    if (stopping_) {
      PollReply reply;
      reply.what = PollReply::What::kStopping;
      acts.push_back([to = parked.poll.reply, reply] { to(reply); });
    } else if (!newest) {
      ReplyNothing(&line, std::move(parked), &acts);
    } else {
      Greet(&line, parked.poll, &acts);
      Serve(&line, std::move(parked), &acts);
    }
  }
  RunAll(acts);
}

// A poll that proves something: by whom, and that somebody is there again.
void Switchboard::Greet(Line* line, const Poll& poll, Acts* acts) const {
  if (std::exchange(line->synced, poll.instance) != poll.instance) {
    acts->push_back([this, key = poll.register_key, who = poll.instance, held = poll.held] {
      listener_.synced(key, who, held);
    });
  }
  if (std::exchange(line->missed, false)) {
    acts->push_back([this, key = poll.register_key] { listener_.is_back(key); });
  }
}

void Switchboard::Serve(Line* line, Parked parked, Acts* acts) const {
  if (line->waiting && MayTake(parked.poll, line->waiting->errand)) {
    HandOver(line, std::move(parked), *std::exchange(line->waiting, std::nullopt), acts);
  } else if (parked.until <= parked.came) {
    ReplyNothing(line, std::move(parked), acts);
  } else {
    line->parked = std::move(parked);
  }
}

bool Switchboard::Renew(task::RegisterKey register_key, const std::string& lease) {
  std::lock_guard lock(mutex_);
  const auto line = lines_.find(register_key);
  if (line == lines_.end()) return false;
  Seen(register_key, &line->second);
  const auto given = line->second.given.find(lease);
  if (given == line->second.given.end() || !given->second.silent) return false;
  const base::MonoTime now = clock_.Mono();
  given->second.arrived = true;
  if (given->second.ends <= now) return false;
  given->second.ends =
      std::min<base::MonoTime>(now + base::kAgentLease, given->second.ends_at_last);
  return true;
}

// Leases that ended are kept to be disproved, but not without limit: without proof an operator
// decides.
void Switchboard::Forget(Line* line) {
  while (line->given.size() > base::kMaxLostLeases) {
    const auto oldest = std::min_element(
        line->given.begin(), line->given.end(),
        [](const auto& a, const auto& b) { return a.second.turn < b.second.turn; });
    line->given.erase(oldest);
  }
}

void Switchboard::TickLine(task::RegisterKey register_key, Line* line, base::MonoTime now,
                           Acts* acts) const {
  if (line->parked && line->parked->until <= now) {
    ReplyNothing(line, *std::exchange(line->parked, std::nullopt), acts);
    line->seen = now;
  }
  if (line->waiting && line->waiting->until <= now) GiveBack(line, acts);
  for (auto& [lease, given] : line->given) {
    if (!given.silent || given.ends > now) continue;
    acts->push_back([silent = std::exchange(given.silent, nullptr)] { silent(Silence::kLost); });
  }
  Forget(line);
  if (line->present && !IsConnected(*line, now)) {
    line->present = false;
    log::Warn("agent_away", {{"lane", register_key}});
  }
}

void Switchboard::Tick() {
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    const base::MonoTime now = clock_.Mono();
    for (auto& [register_key, line] : lines_) TickLine(register_key, &line, now, &acts);
  }
  RunAll(acts);
}

void Switchboard::DropPolls(const MayStay& may_stay) {
  std::vector<std::pair<task::RegisterKey, std::string>> leave;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [register_key, line] : lines_) {
      if (line.parked) leave.emplace_back(register_key, line.parked->poll.key_print);
    }
  }
  std::erase_if(leave, [&](const auto& poll) { return may_stay(poll.first, poll.second); });
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [register_key, key_print] : leave) {
      Line& line = lines_[register_key];
      if (!line.parked || line.parked->poll.key_print != key_print) continue;
      ReplyNothing(&line, *std::exchange(line.parked, std::nullopt), &acts);
    }
  }
  RunAll(acts);
}

void Switchboard::Stop() {
  Acts acts;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [register_key, line] : lines_) {
      if (line.parked) ReplyNothing(&line, *std::exchange(line.parked, std::nullopt), &acts);
      if (line.waiting) GiveBack(&line, &acts);
    }
  }
  RunAll(acts);
}

std::vector<Switchboard::Presence> Switchboard::Presences() const {
  std::lock_guard lock(mutex_);
  const base::MonoTime now = clock_.Mono();
  std::vector<Presence> all;
  all.reserve(lines_.size());
  for (const auto& [register_key, line] : lines_) {
    if (line.seen == base::MonoTime{}) continue;
    all.push_back({register_key, IsConnected(line, now),
                   line.parked ? base::Milliseconds(0) : now - line.seen});
  }
  return all;
}

bool Switchboard::Waits(task::RegisterKey register_key) const {
  const std::lock_guard lock(mutex_);
  const auto line = lines_.find(register_key);
  if (line == lines_.end()) return false;
  const base::MonoTime now = clock_.Mono();
  const auto& parked = line->second.parked;
  const bool just_here = line->second.present && now - line->second.seen < kJustHere;
  return (parked && parked->until > now) || just_here;
}

std::size_t Switchboard::parked() const {
  std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [register_key, line] : lines_) count += line.parked ? 1 : 0;
  return count;
}

}  // namespace fiscalgate::agents
