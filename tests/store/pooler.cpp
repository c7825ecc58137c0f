#include "tests/store/pooler.h"

#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>

#include "lib/store/postgres/postgres_connection.h"

namespace fiscalgate::store::testing {
namespace {

constexpr char kProgram[] = "/usr/sbin/pgbouncer";

}  // namespace

bool Pooler::IsInstalled() { return ::access(kProgram, X_OK) == 0; }

Pooler& Pooler::Shared() {
  static Pooler pooler(PostgresServer::Shared().folder());
  if (pooler.process_ == 0) pooler.Start("template1");
  return pooler;
}

// Fewer connections to the server than clients have, so that they really share them.
Pooler::Pooler(const std::string& server_socket) {
  ::fiscalgate::testing::WriteFile(folder_.File("pgbouncer.ini"),
                                   "[databases]\n* = host=" + server_socket +
                                       " user=fiscalgate\n"
                                       "[pgbouncer]\n"
                                       "pool_mode = transaction\n"
                                       "auth_type = any\n"
                                       "listen_port = 5432\n"
                                       "unix_socket_dir = " +
                                       folder_.path() +
                                       "\n"
                                       "max_client_conn = 1000\n"
                                       "default_pool_size = 3\n"
                                       "server_idle_timeout = 2\n"
                                       "query_wait_timeout = 10\n"
                                       "server_login_retry = 1\n"
                                       "log_connections = 0\n"
                                       "log_disconnections = 0\n");
  GiveToOrdinaryUser(folder_.path());
}

Pooler::~Pooler() {
  if (process_ != 0) Kill();
}

void Pooler::Start(const std::string& database) {
  process_ = StartProgram({kProgram, folder_.File("pgbouncer.ini")}, folder_.File("log"));
  std::mutex mutex;
  std::condition_variable pause;
  const auto address = postgres::Address::Parse(Url(database)).value();
  for (int tries = 0; !postgres::Connect(address, postgres::Access::kRead).ok(); ++tries) {
    if (tries == 500) {
      std::fprintf(stderr, "%s\n", ::fiscalgate::testing::ReadFile(folder_.File("log")).c_str());
    }
    FG_CHECK(tries < 500);
    std::unique_lock lock(mutex);
    pause.wait_for(lock, std::chrono::milliseconds(20));
  }
}

void Pooler::Kill() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

std::string Pooler::Url(const std::string& database) const {
  std::string host;
  for (const char c : folder_.path()) host += c == '/' ? "%2F" : std::string(1, c);
  return "postgresql://fiscalgate@" + host + "/" + database + "?pooled=1";
}

}  // namespace fiscalgate::store::testing
