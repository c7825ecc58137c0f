#include "fcgi/server_call.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcgi/error_reply.h"

namespace fiscalgate {
namespace {

constexpr std::size_t kManyReplies = 16;

}  // namespace

http::Response BusyResponse(const http::Request& request) {
  return ErrorResponse(base::Code::kUnavailable, LanguageOf(request));
}

ReplyDesk::~ReplyDesk() { close(wake_fd_); }

void ReplyDesk::Wake() const {
  // Cannot fail: the counter of an eventfd is 64 bits wide.
  (void)eventfd_write(wake_fd_, 1);
}

void ReplyDesk::Unlink(Call* call) {
  if (!call->linked_) return;
  call->linked_ = false;
  if (call->previous_ != nullptr) call->previous_->next_ = call->next_;
  if (call->next_ != nullptr) call->next_->previous_ = call->previous_;
  if (first_ == call) first_ = call->next_;
  if (parked_.fetch_sub(1, std::memory_order_relaxed) == 1) none_parked_.notify_all();
}

bool ReplyDesk::ClaimNow(Call* call) {
  std::lock_guard lock(mutex_);
  if (std::exchange(call->answered_, true)) return false;
  Unlink(call);
  return true;
}

void ReplyDesk::Put(const CallPtr& call, http::Response response) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(call->answered_, true)) return;
    replies_.push_back({call, std::move(response)});
    wake = NeedsHelp();
    // Only now: who waits for the last parked one must find its reply on the desk.
    Unlink(call.get());
  }
  if (wake) Wake();
}

bool ReplyDesk::Park(Call* call) {
  std::lock_guard lock(mutex_);
  if (call->answered_) return true;
  if (closed_ || parked() >= max_parked_) {
    call->answered_ = true;
    return false;
  }
  call->linked_ = true;
  call->previous_ = nullptr;
  call->next_ = std::exchange(first_, call);
  if (call->next_ != nullptr) call->next_->previous_ = call;
  parked_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

// Each thread that drains takes up to kManyReplies in a turn; one more is woken for each so many
// that wait, and the first for the first.
bool ReplyDesk::NeedsHelp() const {
  return draining_ == 0 ? replies_.size() == 1 : replies_.size() % kManyReplies == 0;
}

std::vector<ReplyDesk::Reply> ReplyDesk::Take(std::size_t most, bool* draining) {
  std::vector<Reply> taken;
  std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, replies_.size()));
  const auto end = replies_.begin() + count;
  taken.assign(std::make_move_iterator(replies_.begin()), std::make_move_iterator(end));
  replies_.erase(replies_.begin(), end);
  const bool goes_on = count > 0;
  draining_ += static_cast<int>(goes_on) - static_cast<int>(*draining);
  *draining = goes_on;
  return taken;
}

void ReplyDesk::CloseAfter(std::chrono::milliseconds grace) {
  std::unique_lock lock(mutex_);
  none_parked_.wait_for(lock, grace, [this] { return parked() == 0; });
  closed_ = true;
  while (first_ != nullptr) {
    Call* call = first_;
    call->answered_ = true;
    Unlink(call);
    replies_.push_back({call->shared_from_this(), BusyResponse(call->request)});
  }
}

}  // namespace fiscalgate
