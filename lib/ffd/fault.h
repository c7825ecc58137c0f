// A fault in a package or receipt: where, what (a stable code), and a detail. Texts in both
// languages, severity and source are in fault_table.cpp, one row a code.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/language.h"

namespace fiscalgate::ffd {

// Stable names (FaultName) go to shops: never rename, never reuse.
enum class FaultCode {
  kWrongType,     // a value of another JSON type than expected
  kMissing,       // a required value is missing
  kEmpty,         // a required list or text is empty
  kUnknownTag,    // the number after the last underscore is no FFD tag
  kNotATag,       // a key without a tag number where only tags may stand
  kTagNotHere,    // a tag that may not stand in this place
  kDuplicateTag,  // two keys with the same tag
  kUnknownCommand,
  kTooManyItems,
  kTooManyCommands,
  kTooLong,
  kBadNumber,
  kTooManyPlaces,
  kOutOfRange,
  kNegative,
  kBadEnum,          // a number that is not in the tag's enumeration
  kSeveralBits,      // tag 1055 must have exactly one bit
  kItemSumMismatch,  // 1043 is not 1079 x 1023 within a kopeck
  kPaymentsTooLow,   // payments do not cover the total
  kNonCashTooHigh,   // non-cash payments above the total: change can only come from cash
  kNoPayment,
  kBadDate,
  kTotalMismatch,  // 1020 is given and is not the sum of the items
  kNotInVersion,
  kFilledByRegister,
  kSumTooHigh,
  kQuantityTooHigh,
  kItemTooLarge,
  kDocumentTooLarge,
  kCharactersReplaced,
  kCashNotNeeded,
  kCashlessDetailsMismatch,
  kBadInn,
  kInnChecksum,
  kBadContact,
  kBadPhone,
  kBadEmail,
  kContactMissing,
  kCashierNameMissing,
  kBuyerNameMissing,
  kBuyerDocumentMissing,
  kBadCountry,
  kSeveralAgentBits,
  kAgentTypeMissing,
  kSupplierInnMissing,
  kSupplierMissing,
  kAgentDataMissing,
  kAgentDataNotForKind,
  kMarkingCodeMissing,
  kMarkingModeMissing,
  kMarkingStatusMissing,
  kMarkingCodeNotAllowed,
  kMarkingStatusWrong,
  kMarkedQuantity,
  kFractionUnit,
  kBadFraction,
  kFractionWithoutCode,
  kGroupSeparatorLost,
  kSubjectNotInVersion,
  kUnitMissing,
  kVatRetired,
  kVatExpired,
  kVatNotYet,
  kVatReplaced,
  kVatNotForTaxation,
  kVatAmountMismatch,
  kVatSumMismatch,
  kTaxationNotAllowed,
  kTaxationRetired,
  kInternetPlaceMissing,
  kInternetPlaceNotUrl,
  kInternetContactMissing,
  kAutomatAddressMissing,
  kAdvanceSubject,
  kPrepaymentUnpaid,
  kPrepaymentOffset,
  kCreditUnpaid,
  kCreditWithoutItem,
  kCreditRepaymentSubject,
  kPaymentSubjectMethod,
  kExciseNotAllowed,
  kOriginMissing,
  kCorrectionTypeMissing,
  kCorrectionBasisMissing,
  kCorrectionDateMissing,
  kCorrectionDateTime,
  kCorrectionDateFuture,
  kCorrectionNumberMissing,
  kCorrectionItems,
  kCorrectionOperation,
  kCorrectionDescriptionDropped,
  kNotExpressible,    // the register's provider has no place or no word for it
  kUnconfirmedValue,  // it has one that its documents do not give and no operator has confirmed
  kCardNumber,        // card data never enter
};
inline constexpr std::size_t kFaultCodes = static_cast<std::size_t>(FaultCode::kCardNumber) + 1;

enum class Severity {
  kError,
  kWarning,  // travels with an accepted receipt, never blocks it
};

struct Fault {
  std::string path;  // JSON pointer into the posted text: "/1/data/purchases/0/tax_1199"
  FaultCode code = FaultCode::kMissing;
  std::string detail = {};  // a value or limit for the text, may be empty; never a buyer's contact
  std::string hint = {};    // of unknown keys: the nearest known one, may be empty
  Severity severity = Severity::kError;
};
using Faults = std::vector<Fault>;

std::string_view FaultName(FaultCode code);  // "item_sum_mismatch"
std::string FaultText(const Fault& fault, base::Language language);

}  // namespace fiscalgate::ffd
