// The doctor's look at the store: whether it is there, of which version, and how its server is set.
#include <algorithm>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/doctor_checks.h"
#include "lib/store/migrations.h"

namespace fiscalgate::admin {
namespace {

constexpr std::int64_t kSlowCommitUs = 50'000;
constexpr std::int64_t kClockMs = 1'000;
constexpr std::int64_t kLongTransactionS = 60;
constexpr std::int64_t kOldXmin = 1'000'000;  // transactions: minutes of full load
constexpr std::int64_t kDeadRows = 50'000;
constexpr std::int64_t kLagBytes = 64 << 20;
constexpr std::int64_t kBigWalBytes = 512 << 20;

std::string Text(std::int64_t number) { return std::to_string(number); }

void JudgeSchema(int schema, bool runs_on, Findings* findings) {
  const int ours = store::NewestSchemaVersion();
  const std::string text = std::string(Say("tables of version ", "таблицы версии ")) +
                           Text(schema) +
                           std::string(Say(", this program's are ", ", у программы ")) + Text(ours);
  Finding finding{Level::kOk, "schema", text, ""};
  if (schema == 0) {
    finding.level = Level::kWarn;
    finding.text = Say("there are no tables yet", "таблиц ещё нет");
    finding.advice = "fiscalgate admin migrate";
  } else if (schema < ours) {
    finding.level = Level::kWarn;
    finding.advice = Say("fiscalgate admin migrate, or the start of this program, brings them up",
                         "fiscalgate admin migrate или запуск этой программы обновит их");
  } else if (schema > ours && runs_on) {
    finding.text += Say("; it still runs on them", "; она на них ещё работает");
  } else if (schema > ours) {
    finding.level = Level::kFail;
    finding.advice = Say("install the newer version of fiscalgate here",
                         "установите здесь более новую версию fiscalgate");
  }
  finding.With("schema", schema).With("known", ours);
  findings->Add(std::move(finding));
}

void JudgeWal(const store::Checkup& checkup, Findings* findings) {
  if (checkup.wal_bytes < kBigWalBytes) return;
  findings
      ->Warn("store_wal",
             std::string(Say("the WAL has grown to ", "WAL вырос до ")) +
                 Text(checkup.wal_bytes >> 20) + std::string(Say(" MB", " МБ")),
             Say("somebody reads one snapshot for long: sqlite3, or a backup; end it",
                 "кто-то долго читает один снимок: sqlite3 или резервная копия; завершите его"))
      .With("bytes", checkup.wal_bytes);
}

void JudgeSafety(const store::ServerFacts& server, Findings* findings) {
  const auto must_be_on = [&](const char* topic, const std::string& value, std::string_view why) {
    if (value != "on") findings->Fail(topic, std::string(topic) + " = " + value, why);
  };
  must_be_on("fsync", server.fsync,
             Say("turn it on: what was acknowledged is lost with the power",
                 "включите: при отключении питания принятое пропадёт"));
  must_be_on("full_page_writes", server.full_page_writes,
             Say("turn it on: the database may be broken after a loss of power",
                 "включите: после отключения питания база может оказаться испорченной"));
  if (server.autovacuum != "on") {
    findings->Fail("autovacuum", "autovacuum = " + server.autovacuum,
                   Say("turn it on: the queue grows slower and slower",
                       "включите: очередь будет работать всё медленнее"));
  }
  if (server.synchronous_commit == "off") {
    findings->Warn("synchronous_commit", "synchronous_commit = off",
                   Say("gateways turn it on for themselves; everybody else here loses commits",
                       "шлюз включает его для себя; остальные здесь теряют транзакции"));
  }
}

void JudgeReplication(const store::ServerFacts& server, Findings* findings) {
  const auto is_sync = [](const store::Replica& replica) {
    return replica.sync_state == "sync" || replica.sync_state == "quorum";
  };
  const auto syncs = std::count_if(server.replicas.begin(), server.replicas.end(), is_sync);
  std::string text = "synchronous_standby_names = '" + server.synchronous_standby_names +
                     "', synchronous_commit = " + server.synchronous_commit;
  std::int64_t lag = 0;
  for (const store::Replica& replica : server.replicas) {
    text += "; " + replica.name + " " + replica.state + " " + replica.sync_state;
    lag = std::max(lag, replica.lag_bytes);
  }
  Finding finding{Level::kOk, "replication", text, ""};
  if (!server.sees_all) {
    finding.text += std::string(Say("; replicas are not shown to this user",
                                    "; реплики этому пользователю не показываются"));
  } else if (!server.synchronous_standby_names.empty() && syncs == 0) {
    finding.level = Level::kFail;
    finding.advice = Say("no synchronous standby is connected: commits hang until one is",
                         "ни одна синхронная реплика не подключена: запись стоит, пока её нет");
  } else if (!server.replicas.empty() && syncs == 0) {
    finding.level = Level::kWarn;
    finding.advice =
        Say("all standbys are asynchronous: a failover loses what was acknowledged "
            "last; set synchronous_standby_names (Patroni: synchronous_mode)",
            "все реплики асинхронные: при переключении пропадёт принятое последним; "
            "задайте synchronous_standby_names (Patroni: synchronous_mode)");
  } else if (syncs > 0 && server.synchronous_commit == "local") {
    finding.level = Level::kWarn;
    finding.advice =
        Say("with synchronous_commit = local a failover loses what was acknowledged "
            "last",
            "при synchronous_commit = local переключение теряет принятое последним");
  } else if (lag > kLagBytes) {
    finding.level = Level::kWarn;
    finding.advice = Say("a standby is far behind: its disk or its network",
                         "реплика далеко отстала: её диск или сеть");
  }
  finding.With("replicas", static_cast<std::int64_t>(server.replicas.size()));
  finding.With("synchronous", syncs).With("lag_bytes", lag);
  findings->Add(std::move(finding));
}

void JudgeVacuum(const store::ServerFacts& server, Findings* findings) {
  std::string text =
      std::string(Say("oldest transaction ", "самая старая транзакция ")) +
      Text(server.oldest_transaction_s) +
      std::string(Say(" s, oldest rows needed by anybody: ", " с, старейшие нужные строки: ")) +
      Text(server.oldest_xmin_age) +
      std::string(Say(" transactions ago; dead rows:", " транзакций назад; мёртвых строк:"));
  bool many = false;
  for (const store::HotTable& table : server.hot_tables) {
    text += " " + table.name + " " + Text(table.dead) + "/" + Text(table.live);
    many = many || (table.dead > kDeadRows && table.dead > 2 * table.live);
  }
  Finding finding{Level::kOk, "vacuum", text, ""};
  if (server.oldest_transaction_s > kLongTransactionS || server.oldest_xmin_age > kOldXmin) {
    finding.level = Level::kWarn;
    finding.advice =
        Say("somebody holds a snapshot: a long report, pg_dump, a slot nobody reads, "
            "a prepared transaction; the queue slows down until it ends",
            "кто-то держит снимок: долгий отчёт, pg_dump, слот без читателя, "
            "подготовленная транзакция; очередь замедляется, пока он открыт");
  } else if (many) {
    finding.level = Level::kWarn;
    finding.advice = Say("the vacuum does not keep up: lower autovacuum_vacuum_cost_delay",
                         "очистка не успевает: уменьшите autovacuum_vacuum_cost_delay");
  }
  finding.With("oldest_transaction_s", server.oldest_transaction_s);
  finding.With("oldest_xmin_age", server.oldest_xmin_age);
  findings->Add(std::move(finding));
}

void JudgeCommit(const store::Durations& commit, Findings* findings) {
  const std::string text =
      std::string(Say("a small commit takes ", "малая транзакция занимает ")) +
      Text(commit.p50_us) + std::string(Say(" us, the slowest of ", " мкс, самая долгая из ")) +
      Text(commit.count) + " " + Text(commit.p99_us) + std::string(Say(" us", " мкс"));
  Finding finding{Level::kOk, "commit", text, ""};
  if (commit.p99_us > kSlowCommitUs) {
    finding.level = Level::kWarn;
    finding.advice =
        Say("a shop waits for it: look at the server's disk, and at the way to the "
            "synchronous standby",
            "этого ждёт магазин: проверьте диск сервера и связь с синхронной репликой");
  }
  finding.With("p50_us", commit.p50_us).With("p99_us", commit.p99_us);
  findings->Add(std::move(finding));
}

}  // namespace

void JudgeStore(const store::Checkup& checkup, Findings* findings) {
  std::string text = checkup.engine + ", " + checkup.where + ", " + Text(checkup.bytes >> 20) +
                     std::string(Say(" MB", " МБ"));
  if (checkup.server) text += ", PostgreSQL " + checkup.server->version;
  if (!checkup.process.empty()) {
    text += std::string(Say(", open in process ", ", открыта процессом ")) + checkup.process;
  }
  findings->Ok("store", text).With("bytes", checkup.bytes);
  JudgeSchema(checkup.schema, checkup.runs_on, findings);
  if (!checkup.key_fits) {
    findings->Fail(
        "key_file",
        std::string(Say("the store was sealed with another key", "база запечатана другим ключом")),
        Say("give the key file that belongs to it",
            "укажите её собственный файл "
            "ключа"));
  }
  JudgeWal(checkup, findings);
}

void JudgeServer(const store::ServerFacts& server, Findings* findings) {
  JudgeSafety(server, findings);
  JudgeReplication(server, findings);
  JudgeVacuum(server, findings);
  JudgeCommit(server.commit, findings);
  const std::string used =
      Text(server.connections) + std::string(Say(" of ", " из ")) + Text(server.max_connections);
  if (server.connections * 10 > server.max_connections * 8) {
    findings->Warn("connections", used,
                   Say("raise max_connections, or put PgBouncer before the server",
                       "увеличьте max_connections или поставьте перед сервером PgBouncer"));
  } else {
    findings->Ok("connections", used);
  }
  const std::string ahead = std::string(Say("the server's clock is ahead of ours by ",
                                            "часы сервера впереди наших на ")) +
                            Text(server.clock_ahead_ms) + std::string(Say(" ms", " мс"));
  if (std::abs(server.clock_ahead_ms) > kClockMs) {
    findings->Warn("clock_server", ahead, Say("synchronise both", "синхронизируйте и те и другие"))
        .With("ahead_ms", server.clock_ahead_ms);
  } else {
    findings->Ok("clock_server", ahead).With("ahead_ms", server.clock_ahead_ms);
  }
}

}  // namespace fiscalgate::admin
