#include "fcgi/emulator/bifit/service.h"
#include "fcgi/emulator/cloud/overlay.h"
#include "lib/protocol/bifit/mapping_table.h"

namespace fiscalgate::emulator::bifit {
namespace {

using protocol::kCarried;

// Where the vendor's names are not public.
constexpr cloud::ChosenName kNames[] = {
    {1081, kCarried, "CARD"},
    {1215, kCarried, "PREPAID"},
    {1216, kCarried, "CREDIT"},
    {1217, kCarried, "OTHER"},
    {1214, 1, "FULL_PREPAY"},
    {1214, 2, "PARTIAL_PREPAY"},
    {1214, 3, "ADVANCE"},
    {1214, 5, "PARTIAL_CREDIT"},
    {1214, 6, "FULL_CREDIT"},
    {1214, 7, "CREDIT_PAY"},
    {1212, 20, "EXPENSE"},
    {1212, 21, "PENSION_INSURANCE_IP"},
    {1212, 22, "PENSION_INSURANCE"},
    {1212, 23, "HEALTH_INSURANCE_IP"},
    {1212, 24, "HEALTH_INSURANCE"},
    {1212, 25, "SOCIAL_INSURANCE"},
    {1212, 26, "CASINO"},
    {1212, 27, "AGENT_PAYMENT"},
    {1212, 30, "EXCISABLE_UNMARKED"},
    {1212, 31, "EXCISABLE_MARKED"},
    {1212, 32, "PRODUCT_UNMARKED"},
    {1212, 33, "PRODUCT_MARKED"},
};

}  // namespace

std::string Bifit::OwnOverlay() { return cloud::WriteOverlay(protocol::bifit::Table(), kNames); }

}  // namespace fiscalgate::emulator::bifit
