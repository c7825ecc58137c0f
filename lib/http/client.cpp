#include "lib/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <thread>

#include "lib/base/inbox.h"
#include "lib/base/limits.h"
#include "lib/http/queue.h"
#include "lib/http/transfer.h"

namespace fiscalgate::http {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The loop is woken for everything it must do; this only bounds a wait with nothing to wait for.
constexpr milliseconds kIdleWait{60'000};

Answer NotSent(std::string why, milliseconds elapsed = {}) {
  Answer answer;
  answer.delivery = Delivery::kNotSent;
  answer.error = std::move(why);
  answer.elapsed = elapsed;
  return answer;
}

milliseconds Since(Clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

void InitOnce() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  FG_CHECK(code == CURLE_OK);
}

}  // namespace

class Client::Loop {
 public:
  explicit Loop(std::size_t max_transfers);
  ~Loop() { curl_multi_cleanup(multi_); }
  void Send(Request request, SendOptions options, std::function<void(Answer)> done);
  void Stop();
  std::size_t in_flight() const { return in_flight_; }

 private:
  void Run();
  void TakeInbox();
  void DropExpired();
  void StartWaiting();
  void Start(JobPtr job);
  void CollectEnded();
  void End(CURL* handle, CURLcode code);
  void AbandonAll();
  void Finish(const Job& job, Answer answer);
  milliseconds WaitTime() const;

  const std::size_t max_accepted_;
  CURLM* multi_;
  base::Inbox<JobPtr> inbox_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<bool> stopping_{false};

  // The loop's thread only.
  Queue queue_;
  std::map<CURL*, std::unique_ptr<Transfer>> running_;

  std::thread thread_;  // last: it uses all of the above
};

Client::Loop::Loop(std::size_t max_transfers)
    : max_accepted_(2 * max_transfers),
      multi_((InitOnce(), curl_multi_init())),
      inbox_(max_accepted_),
      queue_(max_transfers, base::kMaxTransfersPerOrigin) {
  FG_CHECK(multi_ != nullptr);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  // Not CURLMOPT_MAX_HOST_CONNECTIONS: there the first transfer in its line holds up those behind
  // it, whatever their host. Queue does it instead.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(base::kMaxIdleConnections));
  thread_ = std::thread([this] { Run(); });
}

void Client::Loop::Send(Request request, SendOptions options, std::function<void(Answer)> done) {
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  job->options = std::move(options);
  job->done = std::move(done);
  job->accepted_at = Clock::now();
  const bool room = in_flight_.fetch_add(1) < max_accepted_;
  if (room && inbox_.Push(job)) {
    curl_multi_wakeup(multi_);
    return;
  }
  --in_flight_;
  job->done(NotSent(stopping_ ? "stopping" : "too many requests wait already"));
}

void Client::Loop::Stop() {
  stopping_ = true;
  inbox_.Close();
  if (!thread_.joinable()) return;
  FG_CHECK(thread_.get_id() != std::this_thread::get_id());
  curl_multi_wakeup(multi_);
  thread_.join();
}

void Client::Loop::Run() {
  // Signals belong to the main thread; and a TLS peer that is gone must not raise SIGPIPE.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  while (!stopping_) {
    int running = 0;
    FG_CHECK(curl_multi_perform(multi_, &running) == CURLM_OK);
    // In this order: a `done` may send anew or free a slot, and a started transfer or a wake-up
    // ends the wait at once.
    CollectEnded();
    TakeInbox();
    DropExpired();
    StartWaiting();
    const auto wait = static_cast<int>(WaitTime().count());
    FG_CHECK(curl_multi_poll(multi_, nullptr, 0, wait, nullptr) == CURLM_OK);
  }
  AbandonAll();
}

void Client::Loop::TakeInbox() {
  for (JobPtr& job : inbox_.TakeAll(Clock::time_point{})) {
    const base::Status checked = CheckJob(job.get());
    if (checked.ok()) {
      queue_.Add(std::move(job));
    } else {
      Finish(*job, NotSent(checked.error().what));
    }
  }
}

void Client::Loop::DropExpired() {
  for (const JobPtr& job : queue_.TakeExpired(Clock::now())) {
    Finish(*job, NotSent("no turn within its time", Since(job->accepted_at)));
  }
}

void Client::Loop::StartWaiting() {
  while (JobPtr job = queue_.StartNext()) Start(std::move(job));
}

void Client::Loop::Start(JobPtr job) {
  const auto left = job->options.total_timeout - Since(job->accepted_at);
  auto transfer = std::make_unique<Transfer>(job, left);
  CURL* handle = transfer->handle();
  if (handle == nullptr || curl_multi_add_handle(multi_, handle) != CURLM_OK) {
    queue_.Finished(*job);
    Finish(*job, NotSent("the request could not be set up"));
    return;
  }
  running_.emplace(handle, std::move(transfer));
}

void Client::Loop::CollectEnded() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) End(message->easy_handle, message->data.result);
  }
}

void Client::Loop::End(CURL* handle, CURLcode code) {
  const auto place = running_.find(handle);
  FG_CHECK(place != running_.end());
  const std::unique_ptr<Transfer> transfer = std::move(place->second);
  running_.erase(place);
  Answer answer = transfer->Judge(code);
  answer.elapsed = Since(transfer->job()->accepted_at);
  curl_multi_remove_handle(multi_, handle);
  queue_.Finished(*transfer->job());
  Finish(*transfer->job(), std::move(answer));
}

void Client::Loop::AbandonAll() {
  TakeInbox();
  for (const JobPtr& job : queue_.TakeAll()) Finish(*job, NotSent("stopping"));
  for (auto& [handle, transfer] : running_) {
    curl_multi_remove_handle(multi_, handle);
    Answer answer = transfer->Abandon("stopping");
    answer.elapsed = Since(transfer->job()->accepted_at);
    Finish(*transfer->job(), std::move(answer));
  }
  running_.clear();
}

void Client::Loop::Finish(const Job& job, Answer answer) {
  --in_flight_;
  job.done(std::move(answer));
}

milliseconds Client::Loop::WaitTime() const {
  const auto now = Clock::now();
  const auto left =
      std::chrono::ceil<milliseconds>(std::min(queue_.next_expiry(), now + kIdleWait) - now);
  return std::max(left, milliseconds(0));
}

Client::Client(std::size_t max_transfers) : loop_(std::make_unique<Loop>(max_transfers)) {}

Client::~Client() { Stop(); }

void Client::Send(Request request, SendOptions options, std::function<void(Answer)> done) {
  loop_->Send(std::move(request), std::move(options), std::move(done));
}

void Client::Stop() { loop_->Stop(); }

std::size_t Client::in_flight() const { return loop_->in_flight(); }

std::string LibraryVersion() { return curl_version(); }

}  // namespace fiscalgate::http
