// What the gateway says of its transactions and payment pages, in the order and with the names of
// the documents' samples. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcgi/emulator/begateway/complaints.h"
#include "fcgi/emulator/begateway/transaction.h"
#include "fcgi/emulator/begateway/wire.h"
#include "lib/ffd/fiscal_mark.h"

namespace fiscalgate::emulator::begateway {

enum class FiscalStatus { kIncomplete, kSuccessful, kFailed, kExpired };
std::string_view FiscalStatusName(FiscalStatus status);

// A transaction with what the register knows of its receipt.
struct View {
  Transaction transaction;
  FiscalStatus fiscal = FiscalStatus::kIncomplete;
  std::string fiscal_message;  // of kFailed
  ffd::FiscalMark mark;        // of kSuccessful
};

struct Site {
  const Shop& shop;
  std::string public_url;  // "https://gateway.example", without a slash at the end
};

// The object itself.
void WriteTransaction(const View& view, const Site& site, base::JsonWriter* writer);
// {"transaction": ...}; of the third form flat, with its code.
std::string TransactionBody(const View& view, const Site& site, Form form);
// {"transactions": [...]}
std::string ListBody(const std::vector<View>& views, const Site& site);

}  // namespace fiscalgate::emulator::begateway
