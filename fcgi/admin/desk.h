// Where an operator's command works: it opens the store, lets the command act, and prints what came
// of it, as text or as JSON. One thread; one command a process.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/protocol/cloud.h"
#include "lib/store/store.h"

namespace fiscalgate::admin {

using base::Result;
using base::Status;

class Desk {
 public:
  // Set by the command line before Run.
  std::function<std::string()> config_path;
  std::string store_url, key_file;  // override the configuration
  bool json = false;
  int* exit_code = nullptr;
  // Those a cloud register may be at.
  std::function<std::vector<std::shared_ptr<const protocol::CloudProvider>>()> cloud_providers;

  using Work = std::function<Status(store::Store&)>;
  // Opens the store, does the work; an error goes to standard error and makes the exit code 1.
  void Run(const Work& work);
  // The same for what needs no store.
  void RunWithoutStore(const std::function<Status()>& work);

  struct Place {
    std::string store_url, key_file;
  };
  // By the options, or the configuration where one is missing.
  Result<Place> FindPlace() const;
  // The key file of that place.
  static Result<base::KeyRing> LoadKeys(const Place& place);

  // server.public_url of the configuration; "" if it is not set or cannot be read.
  std::string PublicUrl() const;

  // store.retention_months of the configuration; 0 if it is not set or cannot be read.
  int RetentionMonths() const;

  // For people: a line. Nothing with --json.
  void Print(const std::string& line) const;
  // For scripts: one value on a line. Nothing without --json.
  void Answer(base::JsonWriter* writer) const;

 private:
  Result<std::unique_ptr<store::Store>> Open() const;
  void Report(const Status& status) const;
};

// The person at the keyboard, for the audit trail: also behind sudo.
std::string WhoIsThere();
base::WallTime Now();

// One text of two languages, chosen by LC_ALL, LC_MESSAGES or LANG.
std::string_view Say(std::string_view english, std::string_view russian);
// Whether such a value of the environment means Russian; empty values are passed over.
bool MeansRussian(const std::vector<const char*>& values);

}  // namespace fiscalgate::admin
