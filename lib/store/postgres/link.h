// One connection to a server, from its beginning to its end: statements go out in pipeline mode,
// many in one round trip. The only place that talks to libpq.
//
// One thread at a time. When it is over it stays so: its owner makes a new one.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/store/connection.h"
#include "lib/store/postgres/address.h"
#include "lib/store/postgres/failure.h"

struct pg_conn;
struct pg_result;

namespace fiscalgate::store::postgres {

struct Request {
  std::string_view sql;
  Params params = {};
  const std::function<void(const Row&)>* on_row = nullptr;
  std::int64_t rows = 0;  // changed or read
  std::string tag = {};   // of the server's answer: "COMMIT"
};

class Link {
 public:
  // Blocks for connect_timeout at each host at most.
  static base::Result<std::unique_ptr<Link>> Open(const Address& address);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // All of them, in order, in one round trip; each is prepared when it first comes (never where the
  // address is pooled: the server behind it may be another one each time). The first
  // failure ends it: the server passes over the rest. `patience`: without any answer for longer
  // the link is over.
  std::optional<Failure> Exchange(std::vector<Request>& requests,
                                  std::chrono::milliseconds patience);
  // The same without waiting; how it ended is not told. For what ends a transaction without a
  // trace.
  void Tell(std::string_view sql);

  // Nothing has come unasked: a server that went away mostly has said so by then.
  bool is_quiet() const;
  // Rows given to callers by the last Exchange.
  std::int64_t delivered() const { return delivered_; }
  // Whether the server warned during the last Exchange: a commit with a warning may not have been
  // replicated as it should be.
  bool warned() const { return warned_; }
  std::string Parameter(const char* name) const;
  int server_version() const;

 private:
  struct Prepared {
    std::string sql, name;
    bool ready = false;
  };
  struct ConnClose {
    void operator()(pg_conn* connection) const;
  };
  struct Expected {  // one answer
    std::size_t request = 0;
    Prepared* prepares = nullptr;  // else it runs
  };
  enum class Got { kResult, kNothing, kLost };

  Link(pg_conn* connection, const Address& address);
  bool Send(const Request& request, std::size_t index);
  bool SendPrepare(const Request& request, Prepared* prepared);
  bool SendRun(const Request& request, const Prepared& prepared);
  bool SendOnce(const Request& request);
  // Waits for the next answer, sending what is left to send.
  Got Next(pg_result** result, std::chrono::milliseconds patience);
  // Reads over the answers to what was told before.
  bool PassOver(std::chrono::milliseconds patience);
  void Take(pg_result* result, const Expected& expected, std::vector<Request>& requests,
            std::optional<Failure>* failure);
  void ForgetUnready();
  Failure Lost(const std::string& what) const;

  std::unique_ptr<pg_conn, ConnClose> connection_;
  const Address& address_;
  std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;
  std::vector<Expected> expected_;
  std::size_t told_ = 0;  // batches whose answers nobody has read
  std::int64_t delivered_ = 0;
  std::uint64_t names_ = 0;
  bool warned_ = false;
};

}  // namespace fiscalgate::store::postgres
