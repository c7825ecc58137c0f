#include "lib/store/reader_pool.h"

#include "lib/base/limits.h"

namespace fiscalgate::store {

using base::Result;

Result<std::unique_ptr<Connection>> ReaderPool::Borrow() {
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, base::kMaxReaderWait,
                            [this] { return lent_ < base::kStoreReaders; })) {
      return base::Error{base::Code::kUnavailable, "all readers of the store are busy",
                         base::Retry::kLater};
    }
    ++lent_;
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  Result<std::unique_ptr<Connection>> opened = connect_();
  if (!opened) GiveBack(nullptr);
  return opened;
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  --lent_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
  returned_.notify_one();
}

}  // namespace fiscalgate::store
