// A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket in it. It runs
// under an ordinary user, also when the tests run as root, and ends with them.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store::testing {

// As an ordinary user also when the tests run as root; it ends with them. Folders it is to write to
// are given to that user.
pid_t StartProgram(const std::vector<std::string>& command, const std::string& log);
void GiveToOrdinaryUser(const std::string& path);

class PostgresServer {
 public:
  // Whether there is one on this machine.
  static bool IsInstalled();
  // The one of all tests, started when it is first needed.
  static PostgresServer& Shared();

  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Waits until it answers.
  void Start(const std::vector<std::string>& settings = {});
  // SIGINT: at once, tidily; SIGQUIT: as after a crash. Waits for its end.
  void Stop(int signal);
  // A copy of its data that follows it, as a server of its own.
  std::unique_ptr<PostgresServer> MakeStandby();

  std::string Url(const std::string& database, const std::string& more = "") const;
  // A database with the newest tables in it. Gives its url.
  std::string NewDatabase();
  // By a connection of its own, in no transaction; gives the first value of the last row.
  std::string Run(const std::string& database, const std::string& sql) const;
  // What is on the disk of a database.
  std::string StoredBytes(const std::string& database) const;
  const std::string& folder() const { return folder_.path(); }

 private:
  struct Blank {};
  explicit PostgresServer(Blank) {}
  std::string Data() const { return folder_.File("data"); }
  ::fiscalgate::testing::TempDir folder_;
  pid_t process_ = 0;
  int databases_ = 0;
};

}  // namespace fiscalgate::store::testing
