// The card of a payment: what may be kept and shown of it, and what this gateway does with it. A
// number or a code is never kept: bin, last digits and a keyed stamp are. Pure; any thread.
//
// Any text is a token. What tokens and test cards mean is in README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcgi/emulator/begateway/complaints.h"
#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator::begateway {

enum class Plan {
  kApprove,
  kDecline,
  kAskBuyer,    // 3-D Secure, or a page of an alternative method: incomplete until confirmed
  kAskDecline,  // the same, and declined whatever the buyer says
  kLater,       // pending for a while, then approved
  kLaterDecline,
};

struct Card {
  std::string token, holder, stamp, brand, first_1, last_4, bin, bin_8;
  int exp_month = 0, exp_year = 0;  // 0 = not given
};

struct CardRead {
  Card card;
  Plan plan = Plan::kApprove;
};

// `value` is request.credit_card; what is wrong goes to `complaints`.
std::optional<CardRead> ReadCard(const base::JsonValue* value, base::WallTime now,
                                 const base::Secret& stamp_key, Complaints* complaints);
void WriteCard(const Card& card, base::JsonWriter* writer);
Card ReadKeptCard(const base::JsonValue& value);

// What a token, or the type of an alternative method, says by its first letters.
Plan PlanOf(std::string_view text, Plan otherwise);

}  // namespace fiscalgate::emulator::begateway
