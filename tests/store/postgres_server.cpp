#include "tests/store/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>

#include "lib/base/crypto.h"
#include "lib/store/migrations.h"
#include "lib/store/postgres/postgres_connection.h"
#include "lib/store/store.h"

namespace fiscalgate::store::testing {
namespace {

constexpr char kUser[] = "fiscalgate";
constexpr char kTemplate[] = "empty_store";

// The newest of the machine; "" if there is none.
std::string Programs() {
  std::error_code ignored;
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    if (::access((entry.path() / "bin/initdb").c_str(), X_OK) == 0) {
      found.push_back(entry.path() / "bin");
    }
  }
  return found.empty() ? "" : *std::max_element(found.begin(), found.end());
}

// The server refuses to run as root.
const passwd* OrdinaryUser() { return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr; }

[[noreturn]] void Become(const std::vector<std::string>& command, const std::string& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  if (const passwd* user = OrdinaryUser()) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
        ::setuid(user->pw_uid) != 0) {
      ::_exit(126);
    }
  }
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(words[0], words.data());
  ::_exit(127);
}

void RunToEnd(const std::vector<std::string>& command, const std::string& log) {
  int status = 0;
  ::waitpid(StartProgram(command, log), &status, 0);
  if (status != 0) std::fprintf(stderr, "%s\n", ::fiscalgate::testing::ReadFile(log).c_str());
  FG_CHECK(status == 0);
}

base::Result<std::unique_ptr<Connection>> Connect(const std::string& url) {
  return postgres::Connect(postgres::Address::Parse(url).value(), postgres::Access::kMigrate);
}

// The tables, and the mark that a key leaves: what every test would make.
void FillTemplate(const std::string& url) {
  Options options;
  options.url = url;
  const auto store = Store::Open(options, base::KeyRing::FromBytes(std::string(32, 'k')));
  if (!store) std::fprintf(stderr, "%s\n", store.error().what.c_str());
  FG_CHECK(store.ok());
}

}  // namespace

pid_t StartProgram(const std::vector<std::string>& command, const std::string& log) {
  const pid_t child = ::fork();
  FG_CHECK(child >= 0);
  if (child == 0) Become(command, log);
  return child;
}

void GiveToOrdinaryUser(const std::string& path) {
  const passwd* user = OrdinaryUser();
  if (user != nullptr) FG_CHECK(::chown(path.c_str(), user->pw_uid, user->pw_gid) == 0);
}

bool PostgresServer::IsInstalled() { return !Programs().empty(); }

PostgresServer& PostgresServer::Shared() {
  static PostgresServer server;
  // A database a test is much to copy: it need not come to the disk.
  if (server.process_ == 0) {
    server.Start({"autovacuum=off", "full_page_writes=off", "checkpoint_timeout=1h",
                  "max_wal_size=16GB", "shared_buffers=256MB"});
  }
  return server;
}

PostgresServer::PostgresServer() {
  GiveToOrdinaryUser(folder_.path());
  RunToEnd({Programs() + "/initdb", "-D", Data(), "-U", kUser, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
           folder_.File("initdb.log"));
  // One user who needs a password; the first line that fits counts.
  const std::string rules = Data() + "/pg_hba.conf";
  ::fiscalgate::testing::WriteFile(
      rules, "local all guarded scram-sha-256\n" + ::fiscalgate::testing::ReadFile(rules));
}

PostgresServer::~PostgresServer() {
  if (process_ != 0) Stop(SIGQUIT);
}

void PostgresServer::Start(const std::vector<std::string>& settings) {
  std::vector<std::string> command = {Programs() + "/postgres", "-D", Data(), "-k", folder()};
  // What is tested is the order of events, not the disk.
  std::vector<std::string> all = {"listen_addresses=",   "fsync=off",
                                  "max_connections=200", "max_wal_senders=4",
                                  "wal_level=replica",   "log_min_messages=warning"};
  all.insert(all.end(), settings.begin(), settings.end());
  for (const std::string& setting : all) command.insert(command.end(), {"-c", setting});
  process_ = StartProgram(command, folder_.File("server.log"));
  const std::string url = Url("template1", "target_session_attrs=any");
  std::mutex mutex;
  std::condition_variable pause;
  for (int tries = 0; !Connect(url).ok(); ++tries) {
    if (tries == 1000) {
      std::fprintf(stderr, "%s\n",
                   ::fiscalgate::testing::ReadFile(folder_.File("server.log")).c_str());
    }
    FG_CHECK(tries < 1000);
    std::unique_lock lock(mutex);
    pause.wait_for(lock, std::chrono::milliseconds(20));
  }
}

void PostgresServer::Stop(int signal) {
  ::kill(process_, signal);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

std::unique_ptr<PostgresServer> PostgresServer::MakeStandby() {
  std::unique_ptr<PostgresServer> standby(new PostgresServer(Blank{}));
  GiveToOrdinaryUser(standby->folder());
  RunToEnd({Programs() + "/pg_basebackup", "-D", standby->Data(), "-h", folder(), "-U", kUser, "-R",
            "--checkpoint=fast", "--no-sync"},
           standby->folder_.File("backup.log"));
  return standby;
}

std::string PostgresServer::Url(const std::string& database, const std::string& more) const {
  std::string host;
  for (const char c : folder()) host += c == '/' ? "%2F" : std::string(1, c);
  return "postgresql://" + std::string(kUser) + "@" + host + "/" + database +
         (more.empty() ? "" : "?" + more);
}

std::string PostgresServer::NewDatabase() {
  const std::string name = "store" + std::to_string(++databases_);
  if (databases_ == 1) {
    Run("template1", "CREATE DATABASE " + std::string(kTemplate));
    FillTemplate(Url(kTemplate));
  }
  Run("template1", "CREATE DATABASE " + name + " TEMPLATE " + kTemplate);
  return Url(name);
}

std::string PostgresServer::StoredBytes(const std::string& database) const {
  const std::string number =
      Run("template1", "SELECT oid::text FROM pg_database WHERE datname = '" + database + "'");
  Run(database, "CHECKPOINT");
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(Data() + "/base/" + number)) {
    all += ::fiscalgate::testing::ReadFile(entry.path());
  }
  return all;
}

std::string PostgresServer::Run(const std::string& database, const std::string& sql) const {
  const auto connection = Connect(Url(database));
  if (!connection) std::fprintf(stderr, "%s\n", connection.error().what.c_str());
  FG_CHECK(connection.ok());
  std::string value;
  const auto done = (*connection)->Run(sql, {}, [&](const Row& row) { value = row.Text(0); });
  if (!done) std::fprintf(stderr, "%s\n", done.error().what.c_str());
  FG_CHECK(done.ok());
  return value;
}

}  // namespace fiscalgate::store::testing
