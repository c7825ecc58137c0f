// A PgBouncer of the tests' own in front of a server, in transaction mode: every transaction may
// get another connection to it.
#pragma once

#include <sys/types.h>

#include <string>

#include "tests/store/postgres_server.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store::testing {

class Pooler {
 public:
  static bool IsInstalled();
  // In front of the server of all tests; started when it is first needed.
  static Pooler& Shared();

  // `server_socket`: the folder of the server's socket.
  explicit Pooler(const std::string& server_socket);
  ~Pooler();
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  // Waits until it answers for this database.
  void Start(const std::string& database);
  void Kill();  // kill -9
  std::string Url(const std::string& database) const;
  const std::string& folder() const { return folder_.path(); }

 private:
  const ::fiscalgate::testing::TempDir folder_;
  pid_t process_ = 0;
};

}  // namespace fiscalgate::store::testing
