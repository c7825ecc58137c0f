// What a cloud register has of its provider, as typed and as shown. Secrets never come out of
// here. Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fcgi/admin/table.h"
#include "fcgi/cloud_providers.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/task/directory.h"

namespace fiscalgate::admin {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

// What was given on the command line, files read; the rest stays as it is.
struct CloudOptions {
  std::optional<std::string> provider;
  NamedValues settings, secrets;
  std::optional<std::string> mapping;
  std::vector<std::string> unset;  // names of settings and secrets, and "mapping"
  bool is_given() const {
    return provider || !settings.empty() || !secrets.empty() || mapping || !unset.empty();
  }
};

// "name=value". Errors: kInvalid.
base::Result<std::pair<std::string, std::string>> ReadPair(std::string_view option,
                                                           const std::string& text);

// Another provider than before begins with its own defaults: profile, FFD, no settings. Errors:
// kInvalid: no such provider, setting or secret, told with what there is.
base::Status ApplyCloudOptions(const CloudOptions& options, const CloudProviders& providers,
                               task::Register* r);
// Whether the register, as it is to be, can be opened; of one with a driver, whether it has nothing
// of the cloud. Errors: kInvalid: what is missing, or what its provider says.
base::Status CheckCloudRegister(const task::Register& r, const CloudProviders& providers);

// Values of the provider are shown, secrets only as being there, with a short fingerprint.
void WriteCloud(const task::Register& r, base::JsonWriter* writer);
void AddCloud(const task::Register& r, Sheet* sheet);

// Six hex digits: enough to see whether two are the same, too little to find one out.
std::string PrintOf(const base::Secret& secret);

}  // namespace fiscalgate::admin
