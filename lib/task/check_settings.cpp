#include "lib/task/check_settings.h"

#include "lib/base/check.h"

namespace fiscalgate::task {
namespace {

template <typename Value>
struct Name {
  Value value;
  std::string_view name;
};

constexpr Name<ffd::VatPolicy> kVatPolicies[] = {{ffd::VatPolicy::kRefuse, "refuse"},
                                                 {ffd::VatPolicy::kWarn, "warn"},
                                                 {ffd::VatPolicy::kReplace, "replace"}};
constexpr Name<InnPolicy> kInnPolicies[] = {{InnPolicy::kWarn, "warn"},
                                            {InnPolicy::kRefuse, "refuse"}};
constexpr Name<ffd::FfdVersion> kVersions[] = {
    {ffd::FfdVersion::k105, "1.05"}, {ffd::FfdVersion::k11, "1.1"}, {ffd::FfdVersion::k12, "1.2"}};

constexpr Name<Via> kVias[] = {{Via::kPush, "push"}, {Via::kAgent, "agent"}};

template <typename Names, typename Value>
std::string_view NameIn(const Names& names, Value value) {
  for (const auto& row : names) {
    if (row.value == value) return row.name;
  }
  base::CheckFailed("setting has a name", __FILE__, __LINE__);
}

template <typename Value, std::size_t kCount>
std::optional<Value> FindIn(const Name<Value> (&names)[kCount], std::string_view name) {
  for (const Name<Value>& row : names) {
    if (row.name == name) return row.value;
  }
  return std::nullopt;
}

}  // namespace

ffd::CheckOptions CheckOptionsFor(const Shop& shop, const Register& register_, base::WallTime now) {
  constexpr int kZoneUnknown = 0;
  ffd::CheckOptions options;
  options.version = register_.ffd_version;
  options.date = ffd::DayIn(now, kZoneUnknown);
  options.now = now;
  options.vat_policy = shop.vat_policy;
  options.strict_inn = shop.inn_policy == InnPolicy::kRefuse;
  options.lenient = shop.lenient_receipts;
  options.allowed_taxation = register_.taxation_mask;
  options.provider = register_.profile;
  return options;
}

std::string_view VatPolicyName(ffd::VatPolicy policy) { return NameIn(kVatPolicies, policy); }
std::optional<ffd::VatPolicy> VatPolicyNamed(std::string_view name) {
  return FindIn(kVatPolicies, name);
}

std::string_view InnPolicyName(InnPolicy policy) { return NameIn(kInnPolicies, policy); }
std::optional<InnPolicy> InnPolicyNamed(std::string_view name) {
  return FindIn(kInnPolicies, name);
}

std::string_view ViaName(Via via) { return NameIn(kVias, via); }
std::optional<Via> ViaNamed(std::string_view name) { return FindIn(kVias, name); }

std::string_view FfdVersionName(ffd::FfdVersion version) { return NameIn(kVersions, version); }
std::optional<ffd::FfdVersion> FfdVersionNamed(std::string_view name) {
  return FindIn(kVersions, name);
}

}  // namespace fiscalgate::task
