// Stands between the store and a PostgreSQL server and cuts the line at the worst moment: when a
// commit was sent.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store::testing {

class PostgresProxy {
 public:
  enum class Plan {
    kPass,
    kCutBeforeCommit,  // the next commit never reaches the server
    kCutAfterCommit,   // the server carries it out; nobody hears of it
    kRefuse,           // nobody gets through
  };
  // In front of what listens in this folder: a server, or a pooler.
  explicit PostgresProxy(const std::string& socket_folder);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  // `then`: what holds once the line was cut.
  void Set(Plan plan, Plan then = Plan::kPass);
  int cuts() const;
  std::string Url(const std::string& database) const;

 private:
  struct Line {
    int client = -1, server = -1;
    std::string commit;  // the name the client has given to its COMMIT
    bool deaf = false;   // what the server says now is its answer to the commit
  };
  void Loop();
  void TakeClient();
  // False: the line is over.
  bool FromClient(Line* line);
  bool FromServer(Line* line);
  bool HasCommit(Line* line, const std::string& bytes) const;
  void Cut();

  const std::string server_socket_;
  ::fiscalgate::testing::TempDir folder_;
  int listening_ = -1;
  int wake_[2] = {-1, -1};
  mutable std::mutex mutex_;
  Plan plan_ = Plan::kPass, then_ = Plan::kPass;
  int cuts_ = 0;
  std::vector<Line> lines_;
  std::thread thread_;
};

}  // namespace fiscalgate::store::testing
