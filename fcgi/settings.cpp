#include "fcgi/settings.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "lib/base/config_file.h"
#include "lib/http/address_guard.h"
#include "lib/http/url.h"
#include "lib/store/store.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::ConfigFile;
using base::Error;

void ReadServer(ConfigFile& file, Settings* s) {
  s->socket = file.Text("server.socket", s->socket);
  s->socket_group = file.Text("server.socket_group", s->socket_group);
  s->threads = static_cast<int>(file.Int("server.threads", s->threads, 0, 1024));

  const std::string mode = file.Text("server.socket_mode", "0660");
  const char* end = mode.data() + mode.size();
  const auto [stop, fault] = std::from_chars(mode.data(), end, s->socket_mode, 8);
  if (fault != std::errc() || stop != end || s->socket_mode > 0777) {
    file.AddFault("server.socket_mode", "must be an octal mode as text, like \"0660\"");
  }

  const std::string reader = file.Text("server.json_reader", "simdjson");
  if (reader == "jsoncpp") {
    s->json_reader = base::JsonReader::kJsoncpp;
  } else if (reader != "simdjson") {
    file.AddFault("server.json_reader", "must be \"simdjson\" or \"jsoncpp\"");
  }

  s->public_url = file.Text("server.public_url", s->public_url);
  while (!s->public_url.empty() && s->public_url.back() == '/') s->public_url.pop_back();
  if (!s->public_url.empty() && !http::Url::Parse(s->public_url)) {
    file.AddFault("server.public_url", "must be an absolute http:// or https:// address");
  }
}

void ReadFiles(ConfigFile& file, Settings* s) {
  s->store_url = file.Text("store.url", s->store_url);
  if (auto fits = store::Store::CheckUrl(s->store_url); !fits) {
    file.AddFault("store.url", fits.error().what);
  }
  s->retention_months = static_cast<int>(file.Int("store.retention_months", 0, 0, 1200));
  s->key_file = file.Text("keys.file", s->key_file);
  if (s->key_file.empty()) file.AddFault("keys.file", "must be a path");

  s->log_file = file.Text("log.file", s->log_file);
  if (s->log_file.empty()) file.AddFault("log.file", "must be a path, or \"stderr\"");
  if (auto level = log::ParseLevel(file.Text("log.level", "info")); level) {
    s->log_level = *level;
  } else {
    file.AddFault("log.level", "must be \"debug\", \"info\", \"warn\" or \"error\"");
  }
}

std::vector<std::string> ReadNetworks(ConfigFile& file, std::string_view key) {
  std::vector<std::string> networks = file.List(key);
  if (auto guard = http::AddressGuard::WithAllowed(networks); !guard) {
    file.AddFault(key, guard.error().what);
  }
  return networks;
}

void ReadCallsAndLimits(ConfigFile& file, Settings* s) {
  s->callback_timeout = std::chrono::milliseconds(
      file.Int("callback.timeout_ms", s->callback_timeout.count(), 100, 120'000));
  s->callback_allow_networks = ReadNetworks(file, "callback.allow_networks");
  s->callback_allow_plain_http =
      file.Bool("callback.allow_plain_http", s->callback_allow_plain_http);

  s->dispatch_max_in_flight =
      file.Int("dispatch.max_in_flight", s->dispatch_max_in_flight, 1, 100'000);
  s->dispatch_allow_networks = ReadNetworks(file, "dispatch.allow_networks");

  s->pages_test = file.Bool("pages.test", s->pages_test);
  s->pages_courier = file.Bool("pages.courier", s->pages_courier);

  s->shop_rate_per_second = static_cast<int>(
      file.Int("limits.shop_rate_per_second", s->shop_rate_per_second, 0, 1'000'000));
  s->max_pending_writes = file.Int("limits.max_pending_writes", s->max_pending_writes, 1,
                                   static_cast<std::int64_t>(base::kMaxPendingWrites));
  s->min_free_disk_mb =
      file.Int("limits.min_free_disk_mb", s->min_free_disk_mb, 0, std::int64_t{1} << 30);
}

base::Result<Settings> Read(ConfigFile& file, std::vector<std::string>* faults) {
  Settings settings;
  ReadServer(file, &settings);
  ReadFiles(file, &settings);
  ReadCallsAndLimits(file, &settings);
  *faults = file.Faults();
  if (faults->empty()) return settings;
  return Error{Code::kInvalid, faults->front()};
}

base::Result<Settings> Read(base::Result<ConfigFile> file, std::vector<std::string>* faults) {
  faults->clear();
  if (file) return Read(*file, faults);
  faults->push_back(file.error().what);
  return file.error();
}

std::string Join(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& item : list) text += item + ' ';
  return text;
}

// Keys that are not live, with their values as text.
std::vector<std::pair<std::string, std::string>> Fixed(const Settings& s) {
  return {
      {"server.socket", s.socket},
      {"server.socket_mode", std::to_string(s.socket_mode)},
      {"server.socket_group", s.socket_group},
      {"server.threads", std::to_string(s.threads)},
      {"server.json_reader", std::to_string(static_cast<int>(s.json_reader))},
      {"server.public_url", s.public_url},
      {"store.url", s.store_url},
      {"keys.file", s.key_file},
      {"callback.timeout_ms", std::to_string(s.callback_timeout.count())},
      {"callback.allow_networks", Join(s.callback_allow_networks)},
      {"callback.allow_plain_http", std::to_string(s.callback_allow_plain_http)},
      {"dispatch.max_in_flight", std::to_string(s.dispatch_max_in_flight)},
      {"dispatch.allow_networks", Join(s.dispatch_allow_networks)},
      {"pages.test", s.pages_test ? "true" : "false"},
      {"pages.courier", s.pages_courier ? "true" : "false"},
  };
}

}  // namespace

base::Result<Settings> LoadSettings(const std::string& path, std::vector<std::string>* faults) {
  return Read(ConfigFile::Load(path), faults);
}

base::Result<Settings> ParseSettings(std::string_view text, const std::string& name,
                                     std::vector<std::string>* faults) {
  return Read(ConfigFile::Parse(text, name), faults);
}

std::vector<std::string> ChangedKeysThatNeedRestart(const Settings& before, const Settings& after) {
  std::vector<std::string> changed;
  const auto a = Fixed(before), b = Fixed(after);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].second != b[i].second) changed.push_back(a[i].first);
  }
  return changed;
}

}  // namespace fiscalgate
