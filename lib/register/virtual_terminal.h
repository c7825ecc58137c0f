// The virtual bank terminal: card payments and returns without a bank. Its memory is a journal of
// slips in the register's folder; totals follow from it. One thread at a time.
//
// Chosen here: every card is accepted; a return names the RRN of a payment of this terminal and
// gives back no more than was paid; reconciliation sets the totals to zero; reports write nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/decimal.h"
#include "lib/base/result.h"

namespace fiscalgate::register_ {

struct Slip {        // one line of the terminal's journal
  std::string kind;  // "card_payment" | "card_return" | "card_reconciliation"
  std::string order_id;
  std::string command_key;  // as Printed::command_key
  std::string rrn;          // of payments and returns, 12 digits
  std::string payment_rrn;  // of a return: what it gives back
  base::Money sum;
  std::string text;
  base::WallTime printed_at;
};

// Errors: kInvalid with the terminal's words, kInternal if the folder cannot be written.
class VirtualTerminal {
 public:
  // Errors: as VirtualRegister::Open.
  static base::Result<std::unique_ptr<VirtualTerminal>> Open(const std::string& folder,
                                                             const base::Clock& clock);
  virtual ~VirtualTerminal() = default;

  virtual base::Result<Slip> Pay(base::Money sum, const std::string& order_id,
                                 const std::string& command_key) = 0;
  virtual base::Result<Slip> Return(base::Money sum, const std::string& rrn,
                                    const std::string& order_id,
                                    const std::string& command_key) = 0;
  virtual base::Result<Slip> Reconcile(const std::string& order_id,
                                       const std::string& command_key) = 0;
  // The text of a report on what was done since the last reconciliation.
  virtual std::string ShortReport() const = 0;
  virtual std::string FullReport() const = 0;
  // The last payment or return; nullptr: there was none.
  virtual const Slip* LastOperation() const = 0;

  // As VirtualRegister::Find.
  virtual const Slip* Find(const std::string& order_id, const std::string& command_key) const = 0;
  virtual const std::vector<Slip>& journal() const = 0;
  virtual std::string StatusJson() const = 0;
};

}  // namespace fiscalgate::register_
