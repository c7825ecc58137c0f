#include "lib/ffd/profile.h"

#include <iterator>

#include "lib/base/check.h"
#include "lib/base/limits.h"

namespace fiscalgate::ffd {
namespace {

constexpr std::size_t kFfdName = 128, kFfdText = 256, kFfdPhone = 19, kFfdAgent = 512;
constexpr std::int64_t kAtolSum = 4'294'967'295;        // 42,949,672.95
constexpr std::int64_t kAtolQuantity = 99'999'999'000;  // 99,999.999
constexpr std::int64_t kTextSum = base::kMaxKopecks;    // 99,999,999.99
constexpr std::int64_t kFfdQuantity = base::kMaxQuantityMillionths;

constexpr Profile kProfiles[] = {
    {Provider::kBit, "bit", base::kMaxItems, kFfdName, kTextSum, 6, kFfdQuantity, kFfdText,
     kFfdPhone, kFfdText, kFfdAgent, 0, false, false},
    {Provider::kAtol, "atol", 100, kFfdName, kAtolSum, 3, kAtolQuantity, kFfdText, 18, kFfdText,
     kFfdAgent, 0, false, false},
    {Provider::kOrangeData, "orangedata", base::kMaxItems, kFfdName, kTextSum, 6, kFfdQuantity, 243,
     kFfdPhone, 223, 243, 235, true, true},
    {Provider::kBifit, "bifit", base::kMaxItems, kFfdName, kTextSum, 3, kFfdQuantity, kFfdText,
     kFfdPhone, kFfdText, kFfdAgent, 0, false, false},
    {Provider::kBegateway, "begateway", base::kMaxItems, kFfdName, kTextSum, 6, kFfdQuantity,
     kFfdText, kFfdPhone, kFfdText, kFfdAgent, 0, false, false},
};

}  // namespace

const Profile& ProfileOf(Provider provider) {
  const auto index = static_cast<std::size_t>(provider);
  FG_CHECK(index < std::size(kProfiles) && kProfiles[index].provider == provider);
  return kProfiles[index];
}

std::optional<Provider> ProviderNamed(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return profile.provider;
  }
  return std::nullopt;
}

}  // namespace fiscalgate::ffd
