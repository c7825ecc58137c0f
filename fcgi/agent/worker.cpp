#include "fcgi/agent/worker.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/message.h"
#include "fcgi/agent/text.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

using platform::AwakeMs;
using platform::WallMs;

// Enough to find it, too little to use it.
std::string Short(std::string_view lease) { return std::string(lease.substr(0, 8)); }

// Trouble with one answer; all else is trouble with the gateway as such.
bool IsOfTheAnswer(Verdict verdict) {
  return verdict == Verdict::kServerError || verdict == Verdict::kNotGateway ||
         verdict == Verdict::kLeaseEnded;
}

}  // namespace

Worker::Worker(const RegisterConfig& config, std::string folder, Log& log, Keeper& keeper)
    : config_(config),
      folder_(std::move(folder)),
      log_(log),
      keeper_(keeper),
      driver_(DriverOf(config)),
      ward_(keeper.Add(config.name, RouteOf(config), config.key, &driver_)),
      gateway_(RouteOf(config), config.key) {}

Worker::~Worker() {
  Stop();
  GiveUp();
  Join();
}

void Worker::Start() { thread_ = std::thread(&Worker::Run, this); }

void Worker::Stop() {
  if (stopping_) return;
  gateway_.Cancel();  // before the word is given: what is called after it is not to be cancelled
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void Worker::GiveUp() { give_up_ = true; }

bool Worker::WaitForEnd(std::int64_t deadline) {
  std::unique_lock lock(mutex_);
  const std::chrono::milliseconds left(std::max<std::int64_t>(0, deadline - AwakeMs()));
  return changed_.wait_for(lock, left, [this] { return ended_ || !thread_.joinable(); });
}

void Worker::Join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::Pause(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_.load(); });
}

void Worker::Run() {
  while (!stopping_ && !OpenJournal()) Pause(pace_.NextMs());
  pace_.Reset();
  while (!stopping_) {
    if (!DeliverDue()) continue;
    if (journal_.held().size() >= kMaxHeld) {
      Pause(UntilNextDelivery());
    } else {
      PollOnce();
    }
  }
  Farewell();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

bool Worker::OpenJournal() {
  std::string error;
  Journal::Opened opened = Journal::Opened::kFailed;
  if (platform::MakeFolder(folder_, &error)) {
    opened = journal_.Open(folder_, Tr("агент или компьютер выключился, пока драйвер работал",
                                       "the agent or the PC went down while the driver worked"));
    error = journal_.error();
  }
  if (opened == Journal::Opened::kFailed) {
    Say(Level::kError, Tr("журнал не открыть, касса не работает: ",
                          "cannot open the journal, the register does not work: ") +
                           error);
    return false;
  }
  if (opened == Journal::Opened::kMintedAgain) {
    Say(Level::kError,
        Tr("журнал был испорчен и отложен: какие чеки остались без ответа, теперь не "
           "узнать; шлюз попросит администратора подтвердить нового агента",
           "the journal was damaged and is put aside: which receipts have no answer "
           "can no longer be told; the gateway will ask its administrator"));
  }
  Say(Level::kInfo, std::string(Tr("шлюз ", "gateway ")) + config_.gateway +
                        Tr(", драйвер ", ", driver ") + driver_.address().Text() +
                        Tr(", агент ", ", instance ") + journal_.instance());
  for (const Held& held : journal_.held()) {
    Say(held.delivery == Delivery::kNoAnswer ? Level::kWarning : Level::kInfo,
        Short(held.lease) + Tr(": ещё не передано: ", ": not yet reported: ") +
            DeliveryName(held.delivery) + " " + held.error);
  }
  return true;
}

bool Worker::DeliverDue() {
  const auto held = journal_.held();  // Forget changes it
  for (const Held& one : held) {
    if (stopping_) return false;
    if (retries_[one.lease].at > AwakeMs()) continue;
    if (!Deliver(one, kReportTimeoutMs)) return false;
  }
  if (journal_.held().empty()) retries_.clear();
  if (!journal_.Compact()) {
    Say(Level::kWarning,
        Tr("журнал не сжать: ", "cannot make the journal small: ") + journal_.error());
  }
  return true;
}

bool Worker::Deliver(const Held& held, std::int64_t timeout_ms) {
  Report report{held.lease, held.delivery, held.error, {}};
  if (!journal_.ReadBody(held, &report.message)) {
    Say(Level::kError,
        Short(held.lease) +
            Tr(": ответ не прочесть с диска: ", ": cannot read the answer from the disk: ") +
            journal_.error());
    retries_[held.lease].at = AwakeMs() + retries_[held.lease].pace.NextMs();
    return true;
  }
  const Response response = gateway_.Answer(journal_.instance(), report, timeout_ms);
  CheckClock(response);
  if (response.verdict == Verdict::kOk) {
    Met();
    Say(response.recorded == "evidence" ? Level::kWarning : Level::kInfo,
        Short(held.lease) + Tr(": шлюз записал: ", ": the gateway recorded it: ") +
            response.recorded);
    Forget(held.lease);
    return true;
  }
  if (response.verdict == Verdict::kRefused) {
    PutAside(held, report.message);
    return true;
  }
  if (!IsOfTheAnswer(response.verdict)) {
    if (!journal_.Persist()) Say(Level::kError, journal_.error());
    Trouble(response);
    return false;
  }
  Retry& retry = retries_[held.lease];
  const std::int64_t wait = std::max(retry.pace.NextMs(), response.retry_after_ms);
  retry.at = AwakeMs() + wait;
  Say(Level::kWarning,
      Short(held.lease) + Tr(": ответ не передан: ", ": not reported: ") + Advice(response));
  return true;
}

void Worker::Forget(const std::string& lease) {
  retries_.erase(lease);
  if (journal_.Forget(lease, WallMs())) return;
  Say(Level::kWarning, Tr("журнал не записать: ", "cannot write the journal: ") + journal_.error());
}

void Worker::PutAside(const Held& held, const std::string& message) {
  const std::string folder = folder_ + "/refused";
  std::string error;
  std::string text = "lease " + held.lease + "\ndelivery " + DeliveryName(held.delivery) +
                     "\nerror " + held.error + "\n\n" + message;
  const std::string name = UtcStamp(WallMs()).substr(0, 10) + "-" + held.lease;
  if (!platform::MakeFolder(folder, &error) ||
      !platform::StoreFile(folder + "/" + name, text, &error)) {
    Retry& retry = retries_[held.lease];
    retry.at = AwakeMs() + retry.pace.NextMs();
    return Say(Level::kError, Tr("ответ не отложить: ", "cannot put the answer aside: ") + error);
  }
  auto names = platform::List(folder);
  for (std::size_t i = 0; names.size() - i > kMaxRefused; ++i) {
    platform::Remove(folder + "/" + names[i]);
  }
  Response refused;
  refused.verdict = Verdict::kRefused;
  Say(Level::kError, Short(held.lease) + ": " + Advice(refused) + ": " + folder + "/" + name);
  Forget(held.lease);
}

std::int64_t Worker::UntilNextDelivery() const {
  std::int64_t next = kPollWaitMs;
  for (const Held& held : journal_.held()) {
    const auto retry = retries_.find(held.lease);
    if (retry != retries_.end()) next = std::min(next, retry->second.at - AwakeMs());
  }
  return std::max<std::int64_t>(next, 1000);
}

void Worker::PollOnce() {
  Poll poll;
  poll.wait_ms = UntilNextDelivery();
  poll.turns = turns_.Header();
  for (const Held& held : journal_.held()) poll.held.push_back(held.lease);
  poll.driver = driver_.state();
  const std::int64_t start = AwakeMs();
  Response response = gateway_.Lease(journal_.instance(), poll);
  if (response.verdict == Verdict::kCancelled) return;
  CheckClock(response);
  if (response.verdict != Verdict::kOk) return Trouble(response);
  Met();
  turns_.Keep(response.turn);
  if (!response.lease.empty()) {
    short_polls_ = 0;
    return Work(std::move(response), start);
  }
  short_polls_ = AwakeMs() - start < kShortPollMs ? short_polls_ + 1 : 0;
  if (short_polls_ > kMaxShortPolls) Pause(1000);
}

void Worker::Work(Response work, std::int64_t poll_start) {
  const std::string lease = work.lease;
  if (journal_.Knows(lease)) {
    Say(Level::kError, Short(lease) + Tr(": это задание уже было; второй раз не выполняется",
                                         ": this lease was here before; it is not done again"));
    return Pause(1000);
  }
  std::string why;
  auto request = RequestForDriver(work.request, driver_.address().HostPort(), &why);
  std::string().swap(work.request);
  DriverReply reply;
  if (!request) {
    reply.error = why;
  } else {
    reply = Attempt(lease, std::move(*request), poll_start + work.begin_within_ms, work.timeout_ms);
  }
  if (!journal_.Answer(lease, WallMs(), reply.delivery, reply.error, reply.message)) {
    Say(Level::kError,
        Short(lease) +
            Tr(": ответ не записать в журнал: ", ": cannot write the answer into the journal: ") +
            journal_.error());
  }
  Say(reply.delivery == Delivery::kAnswered ? Level::kInfo : Level::kWarning,
      Short(lease) + ": " + DeliveryName(reply.delivery) + ", " +
          std::to_string(AwakeMs() - poll_start) + Tr(" мс от запроса, ", " ms since the poll, ") +
          std::to_string(reply.message.size()) + Tr(" байт ", " bytes ") + reply.error);
}

DriverReply Worker::Attempt(const std::string& lease, std::string request,
                            std::int64_t begin_before, std::int64_t timeout_ms) {
  DriverReply reply;
  if (platform::FreeBytes(folder_) < kMinFreeBytes) {
    reply.error = Tr("на диске агента нет места", "the agent's disk is full");
  } else if (stopping_) {
    reply.error = Tr("агент останавливается", "the agent is stopping");
  } else if (!journal_.Begin(lease, WallMs())) {
    reply.error = Tr("агент не может записать журнал: ", "the agent cannot write its journal: ") +
                  journal_.error();
  } else {
    keeper_.Hold(ward_, journal_.instance(), lease);
    reply = driver_.Call(request, begin_before, timeout_ms, give_up_);
    keeper_.Release(ward_);
  }
  return reply;
}

// What was answered while stopping is reported now, if that is quick; else at the next start.
void Worker::Farewell() {
  gateway_.Resume();
  const auto held = journal_.held();
  for (const Held& one : held) {
    if (!one.answered || retries_[one.lease].at > 0) continue;
    const std::int64_t count = static_cast<std::int64_t>(held.size());
    if (!Deliver(one, kFarewellMs / count)) return;
  }
}

void Worker::Met() {
  pace_.Reset();
  if (!met_) Say(Level::kInfo, Tr("связь со шлюзом есть", "the gateway answers"));
  met_ = true;
}

void Worker::Trouble(const Response& response) {
  if (response.verdict == Verdict::kCancelled) return;
  const bool new_trouble = met_ || said_ != response.verdict;
  met_ = false;
  if (new_trouble || AwakeMs() - said_at_ > kRepeatLogMs) {
    said_ = response.verdict;
    said_at_ = AwakeMs();
    Say(response.verdict == Verdict::kLater ? Level::kWarning : Level::kError, Advice(response));
  }
  Pause(std::max(pace_.NextMs(), response.retry_after_ms));
}

void Worker::CheckClock(const Response& response) {
  if (!response.dated || std::abs(response.skew_ms) < kSkewMs) return;
  if (skew_said_at_ != 0 && AwakeMs() - skew_said_at_ < kRepeatLogMs) return;
  skew_said_at_ = AwakeMs();
  Say(Level::kWarning, ClockAdvice(response.skew_ms));
}

}  // namespace fiscalgate::agent
