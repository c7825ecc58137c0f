// A few reading connections, lent for one short read each. A read sees one snapshot.
//
// Any thread. When all are lent, a caller waits at most kMaxReaderWait, then gets kUnavailable.
// Connections are opened when first needed.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "lib/base/result.h"
#include "lib/store/connection.h"

namespace fiscalgate::store {

class ReaderPool {
 public:
  using Connect = std::function<base::Result<std::unique_ptr<Connection>>()>;
  explicit ReaderPool(Connect connect) : connect_(std::move(connect)) {}

  // Runs `read` in a snapshot. T is what it gives.
  template <typename T>
  base::Result<T> Read(const std::function<base::Result<T>(Connection&)>& read) {
    base::Result<std::unique_ptr<Connection>> lent = Borrow();
    if (!lent) return lent.error();
    base::Status begun = (*lent)->BeginRead();
    base::Result<T> result = begun.ok() ? read(**lent) : base::Result<T>(begun.error());
    (*lent)->Rollback();
    GiveBack(std::move(*lent));
    return result;
  }

 private:
  base::Result<std::unique_ptr<Connection>> Borrow();
  void GiveBack(std::unique_ptr<Connection> connection);

  const Connect connect_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t lent_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace fiscalgate::store
