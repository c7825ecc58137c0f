// What can be seen of a store from outside, for somebody who wants to know whether it is well:
// facts only, whoever asks judges them. Changes nothing but the row that a gateway's own probe
// writes. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

struct Durations {
  std::int64_t p50_us = 0, p99_us = 0;
  int count = 0;
};
// Of as many as are given, sorted or not.
Durations DurationsOf(std::vector<std::int64_t> micros);

struct Replica {
  std::string name, state, sync_state;
  std::int64_t lag_bytes = 0;
};
struct HotTable {
  std::string name;
  std::int64_t live = 0, dead = 0;  // rows; the dead ones wait for the vacuum
};

struct ServerFacts {  // PostgreSQL
  std::string version;
  std::string fsync, full_page_writes, autovacuum, synchronous_commit, synchronous_standby_names;
  std::int64_t connections = 0, max_connections = 0;
  std::int64_t database_bytes = 0;
  bool sees_all = false;  // else what other users do is not seen: pg_monitor is missing
  std::vector<Replica> replicas;
  std::int64_t oldest_transaction_s = 0;
  std::int64_t oldest_xmin_age = 0;  // in transactions
  std::vector<HotTable> hot_tables;
  std::int64_t clock_ahead_ms = 0;  // of ours
  Durations commit;
};

struct Checkup {
  std::string engine;   // "SQLite", "PostgreSQL"
  std::string library;  // "SQLite 3.40.1", "libpq 15.6"
  std::string where;    // a path, or host:port/database
  int schema = 0;       // 0: there are no tables
  bool runs_on = true;  // this program, on tables of that version
  bool key_fits = true;
  std::string process;  // that has the file open: "1234 (fiscalgate)"; "" = none
  std::int64_t bytes = 0, wal_bytes = 0;
  std::optional<ServerFacts> server;
};

// Errors: those of connecting; nothing is made where nothing is.
Result<Checkup> CheckUp(const std::string& url, const base::KeyRing* keys);

// The engines that are built in, with their versions.
std::vector<std::string> EngineLibraries();

}  // namespace fiscalgate::store
