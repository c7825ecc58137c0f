#include "lib/protocol/cloud_accounts.h"

#include <functional>
#include <utility>

namespace fiscalgate::protocol {
namespace {

// Of all that Open may read.
std::size_t Fingerprint(const task::Register& r) {
  std::size_t sum = 1;
  const auto mix = [&sum](std::string_view text) {
    sum = sum * 1'000'003 + std::hash<std::string_view>()(text);
  };
  mix(r.provider);
  mix(r.mapping);
  for (const auto& [name, value] : r.settings) {
    mix(name);
    mix(value);
  }
  for (const auto& [name, secret] : r.secrets) {
    mix(name);
    mix(secret.Reveal());
  }
  mix(std::to_string(r.timeout_ms));
  mix(std::to_string(static_cast<int>(r.ffd_version)));
  return sum;
}

}  // namespace

CloudAccounts::CloudAccounts(std::vector<std::shared_ptr<const CloudProvider>> providers)
    : providers_(std::move(providers)) {}

const CloudProvider* CloudAccounts::Find(std::string_view provider) const {
  for (const auto& each : providers_) {
    if (each->name() == provider) return each.get();
  }
  return nullptr;
}

CloudAccounts::Opened CloudAccounts::Of(const task::Register& register_) const {
  const std::size_t fingerprint = Fingerprint(register_);
  const std::lock_guard lock(mutex_);
  Opened& known = opened_[register_.key];
  if (known.fingerprint == fingerprint) return known;
  known = {nullptr, "", fingerprint};
  const CloudProvider* provider = Find(register_.provider);
  if (provider == nullptr) {
    known.fault = "нет провайдера «" + register_.provider + "»";
    return known;
  }
  auto account = provider->Open(register_);
  if (account.ok()) {
    known.account = std::move(account).value();
  } else {
    known.fault = account.error().what;
  }
  return known;
}

}  // namespace fiscalgate::protocol
