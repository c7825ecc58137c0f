#include "lib/ffd/check.h"

#include "lib/ffd/reader.h"
#include "lib/ffd/rules/agents.h"
#include "lib/ffd/rules/correction.h"
#include "lib/ffd/rules/identity.h"
#include "lib/ffd/rules/internet.h"
#include "lib/ffd/rules/marking.h"
#include "lib/ffd/rules/methods.h"
#include "lib/ffd/rules/payments.h"
#include "lib/ffd/rules/sums.h"
#include "lib/ffd/rules/taxation.h"
#include "lib/ffd/rules/texts.h"
#include "lib/ffd/rules/vat.h"
#include "lib/ffd/rules/versions.h"

namespace fiscalgate::ffd {
namespace {

// The form, the item sums, 1020 and the payments are checked when the receipt is read.
constexpr void (*kRules[])(const rules::Context&) = {
    rules::CheckVersion,        rules::CheckGroupsAreWhole, rules::CheckRegistersOwnTags,
    rules::CheckLimits,         rules::CheckPaymentDetails, rules::CheckInns,
    rules::CheckContacts,       rules::CheckPhones,         rules::CheckPeople,
    rules::CheckCountries,      rules::CheckAgentType,      rules::CheckSupplier,
    rules::CheckAgentData,      rules::CheckMarkingCode,    rules::CheckMarkingStatus,
    rules::CheckMarkedQuantity, rules::CheckFraction,       rules::CheckGroupSeparator,
    rules::CheckUnit,           rules::CheckRateDates,      rules::CheckRateTaxation,
    rules::CheckItemVat,        rules::CheckReceiptVat,     rules::CheckTaxation,
    rules::CheckInternet,       rules::CheckAutomat,        rules::CheckAdvance,
    rules::CheckPrepayment,     rules::CheckCredit,         rules::CheckPaymentSubject,
    rules::CheckExcise,         rules::CheckOrigin,         rules::CheckCorrectionBasis,
    rules::CheckCorrectionForm,
};

}  // namespace

TlvSize ApplyRules(const CheckOptions& options, const PathFinder& paths, Receipt* receipt,
                   FaultSink& sink) {
  const rules::Report report(paths, sink);
  rules::ReplaceRates(receipt, options, report);
  const rules::Context context{*receipt, options, report};
  for (const auto rule : kRules) rule(context);
  return rules::CheckTexts(context);
}

Checked CheckReceipt(const base::JsonValue& object, const std::string& path,
                     const CheckOptions& options) {
  Checked checked;
  const ReadOptions reading{.lenient = options.lenient,
                            .max_items = ProfileOf(options.provider).max_items};
  checked.receipt = ReadReceipt(object, path, reading, &checked.faults, &checked.warnings);
  if (!object.is_object()) return checked;
  const Path here(path);
  const PathFinder paths(&object, here);
  FaultSink sink(&checked.faults, &checked.warnings);
  CheckOptions there = options;
  const int zone = checked.receipt.zone_1011;
  if (options.now && zone != 0) there.date = DayIn(*options.now, zone);
  checked.size = ApplyRules(there, paths, &checked.receipt, sink);
  return checked;
}

}  // namespace fiscalgate::ffd
