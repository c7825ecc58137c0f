#include "lib/task/check_settings.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::task {

BOOST_AUTO_TEST_SUITE(check_settings)

BOOST_AUTO_TEST_CASE(DefaultsAreStrict) {
  const ffd::CheckOptions options = CheckOptionsFor({}, {}, base::FromMillis(0));
  BOOST_TEST((options.version == ffd::FfdVersion::k12));
  BOOST_TEST((options.vat_policy == ffd::VatPolicy::kRefuse));
  BOOST_TEST(!options.lenient);
  BOOST_TEST(!options.strict_inn);
  BOOST_TEST(options.allowed_taxation == ffd::kAllTaxation);
  BOOST_TEST((options.provider == ffd::Provider::kBit));
}

BOOST_AUTO_TEST_CASE(ShopAndRegisterSayTheRest) {
  Shop shop;
  shop.lenient_receipts = true;
  shop.vat_policy = ffd::VatPolicy::kWarn;
  shop.inn_policy = InnPolicy::kRefuse;
  Register r;
  r.ffd_version = ffd::FfdVersion::k11;
  r.taxation_mask = 5;
  r.profile = ffd::Provider::kAtol;
  const ffd::CheckOptions options = CheckOptionsFor(shop, r, base::FromMillis(0));
  BOOST_TEST(options.lenient);
  BOOST_TEST(options.strict_inn);
  BOOST_TEST((options.vat_policy == ffd::VatPolicy::kWarn));
  BOOST_TEST((options.version == ffd::FfdVersion::k11));
  BOOST_TEST(options.allowed_taxation == 5u);
  BOOST_TEST((options.provider == ffd::Provider::kAtol));
}

BOOST_AUTO_TEST_CASE(TheDayIsThatOfMoscow) {
  const base::WallTime late = base::FromMillis(1'767'214'800'000);  // 2025-12-31T21:00:00Z
  BOOST_TEST((CheckOptionsFor({}, {}, late).date == ffd::MakeDay(2026, 1, 1)));
  BOOST_TEST(
      (CheckOptionsFor({}, {}, late - std::chrono::seconds(1)).date == ffd::MakeDay(2025, 12, 31)));
}

BOOST_AUTO_TEST_CASE(NamesComeBackAsValues) {
  for (const std::string_view name : {"refuse", "warn", "replace"}) {
    BOOST_TEST(VatPolicyName(*VatPolicyNamed(name)) == name);
  }
  for (const std::string_view name : {"warn", "refuse"}) {
    BOOST_TEST(InnPolicyName(*InnPolicyNamed(name)) == name);
  }
  for (const std::string_view name : {"1.05", "1.1", "1.2"}) {
    BOOST_TEST(FfdVersionName(*FfdVersionNamed(name)) == name);
  }
  BOOST_TEST(!VatPolicyNamed("Refuse").has_value());
  BOOST_TEST(!FfdVersionNamed("1.3").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::task
