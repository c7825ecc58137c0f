// A provider of cloud registers that does as it is told: "orangedata" with one setting, two
// secrets, and accounts whose answers a test sets.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "lib/base/check.h"
#include "lib/protocol/cloud.h"

namespace fiscalgate::testing {

// What all accounts of a FakeCloud say.
struct FakeCloudWill {
  ffd::Faults faults;
  bool needs_number = false;
  std::string payment_url, receipt_base;  // the receipt is at receipt_base + task.number
};

class FakeCloudAccount final : public protocol::CloudAccount {
 public:
  explicit FakeCloudAccount(std::shared_ptr<const FakeCloudWill> will) : will_(std::move(will)) {}
  ffd::Faults Check(const protocol::bit::ReadPackageResult&) const override {
    return will_->faults;
  }
  bool NeedsNumber() const override { return will_->needs_number; }
  protocol::CloudLinks LinksOf(const task::Task& task,
                               const task::Package& package) const override {
    FG_CHECK(!package.commands.empty());
    if (will_->receipt_base.empty()) return {will_->payment_url, ""};
    return {will_->payment_url, will_->receipt_base + std::to_string(task.number)};
  }
  protocol::Move Next(const protocol::Talk&) const override { return protocol::Later{}; }
  protocol::Move OnAnswer(const protocol::Talk&, const http::Answer&) const override {
    return protocol::Later{};
  }

 private:
  const std::shared_ptr<const FakeCloudWill> will_;
};

class FakeCloudProvider final : public protocol::CloudProvider {
 public:
  explicit FakeCloudProvider(std::string name = "orangedata") : name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  std::span<const protocol::CloudSetting> Settings() const override {
    static constexpr std::array kSettings = {
        protocol::CloudSetting{"inn", false, true, "", "ИНН", "Taxpayer number"},
        protocol::CloudSetting{"url", false, false, "https://cloud.example", "Адрес", "Address"},
        protocol::CloudSetting{"key", true, true, "", "Ключ", "Key"},
        protocol::CloudSetting{"spare_key", true, false, "", "Запасной ключ", "Spare key"},
    };
    return kSettings;
  }
  base::Result<std::shared_ptr<const protocol::CloudAccount>> Open(
      const task::Register& r) const override {
    if (r.settings.count("inn") == 0) return Bad("inn: missing");
    if (r.settings.at("inn").size() != 10) return Bad("inn: ten digits");
    if (r.secrets.count("key") == 0) return Bad("key: missing");
    return std::shared_ptr<const protocol::CloudAccount>(std::make_shared<FakeCloudAccount>(will));
  }

  const std::shared_ptr<FakeCloudWill> will = std::make_shared<FakeCloudWill>();

 private:
  static base::Error Bad(std::string what) { return {base::Code::kInvalid, std::move(what)}; }
  const std::string name_;
};

}  // namespace fiscalgate::testing
