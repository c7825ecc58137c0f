// The configuration file of `fiscalgate serve`, as plain values. Every key has a default, so an
// empty file is a valid one; FISCALGATE_<SECTION>_<KEY> in the environment overrides a key.
//
// Keys marked "live" take effect on SIGHUP; the others need a restart, and the log says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/result.h"

namespace fiscalgate {

inline constexpr char kDefaultConfigPath[] = "/etc/fiscalgate/fiscalgate.toml";

struct Settings {
  // [server]
  // socket: unix socket path, or "127.0.0.1:9000"; not used when a socket is inherited (systemd).
  std::string socket = "/run/fiscalgate/fcgi.sock";
  // socket_mode: octal, as text. The web server must be able to write.
  unsigned socket_mode = 0660;
  // socket_group: the web server's group; "" = ours.
  std::string socket_group;
  // threads: that read requests; 0 = chosen from the number of processors. Waiting costs none.
  int threads = 0;
  // json_reader: "simdjson" or "jsoncpp", for posted receipts. Both give the same answers.
  base::JsonReader json_reader = base::JsonReader::kSimdjson;
  // public_url: what shops reach us by, "https://kassa.example"; begins status_url and receipt_url.
  // "" = they are paths only.
  std::string public_url;

  // [store]
  // url: "sqlite:" and the path of the database; its folder must exist. Or "postgresql://...": a
  // server, or several of which one can be written to; passwords are better kept in a passfile.
  // With pooled=1 among its words nothing is expected of a connection beyond a transaction
  // (PgBouncer).
  std::string store_url = "sqlite:/var/lib/fiscalgate/fiscalgate.db";

  // retention_months (live): `admin archive` without --before takes what is older than so many
  // whole months; 0 = it must be told. Nothing is archived by itself.
  int retention_months = 0;

  // [keys]
  // file: 64 hex characters that seal the secrets in the database; mode 0600. Keep a copy
  // elsewhere.
  std::string key_file = "/etc/fiscalgate/key";

  // [log]
  // file (live): a path, or "stderr".
  std::string log_file = "stderr";
  // level (live): "debug", "info", "warn" or "error".
  log::Level log_level = log::Level::kInfo;

  // [callback]
  // timeout_ms: of one delivery to a shop.
  std::chrono::milliseconds callback_timeout{15'000};
  // allow_networks: private networks where shops may live, ["10.0.0.0/8"].
  std::vector<std::string> callback_allow_networks;
  // allow_plain_http: whether a callback address may be http://.
  bool callback_allow_plain_http = true;

  // [dispatch]
  // max_in_flight: attempts at all registers together.
  std::int64_t dispatch_max_in_flight = 1024;
  // allow_networks: private networks a posted BIT_PROG_URL may point into. Addresses of registers
  // that the operator has entered are not restricted.
  std::vector<std::string> dispatch_allow_networks;

  // [pages]
  // test: whether /test is there, where a receipt can be tried by hand.
  bool pages_test = false;
  // courier: whether /courier is there, where couriers sell with a phone.
  bool pages_courier = false;

  // [limits]
  // shop_rate_per_second (live): accepted posts of a shop that has no limit of its own; 0 = none.
  int shop_rate_per_second = base::kDefaultShopRatePerSecond;
  // max_pending_writes (live): posts that wait for their commit; more are answered 503.
  std::int64_t max_pending_writes = static_cast<std::int64_t>(base::kMaxPendingWrites);
  // min_free_disk_mb (live): with less free space beside the database, new posts are answered 503.
  // Not for PostgreSQL: it says itself when its disk is full.
  std::int64_t min_free_disk_mb = static_cast<std::int64_t>(base::kMinFreeDiskBytes >> 20);
};

// Errors: kNotFound, kForbidden (the file cannot be read), kMalformed (it is not TOML), kInvalid.
// `faults` gets every fault, with file, line and key; it is empty exactly if a value is given back.
base::Result<Settings> LoadSettings(const std::string& path, std::vector<std::string>* faults);
// The same from text, for tests.
base::Result<Settings> ParseSettings(std::string_view text, const std::string& name,
                                     std::vector<std::string>* faults);

// Keys that differ and are not live.
std::vector<std::string> ChangedKeysThatNeedRestart(const Settings& before, const Settings& after);

}  // namespace fiscalgate
