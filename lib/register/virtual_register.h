// The virtual register: what a cash register does, without the metal. It keeps its state in a
// folder: serial numbers, growing document and shift numbers, the cash drawer, and a journal of
// every printed document. Behind the emulators; never pretends to be registered with the tax
// service.
//
// A document is printed when its line is in the journal and flushed to disk; a crash in between
// prints nothing. One thread at a time (the emulator holds a mutex).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/decimal.h"
#include "lib/base/result.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::register_ {

struct Printed {             // one line of the journal
  std::int64_t fd_1040 = 0;  // 0 for documents outside the fiscal drive (X report, drawer)
  std::string kind;  // "receipt" | "open_shift" | "close_shift" | "x_report" | "cash_in" | ...
  std::string order_id;
  std::string command_key;  // what a deduplicating driver recognises a command by
  ffd::FiscalMark mark;     // of receipts
  std::string text;         // the printed form
};

// Errors of all printing operations: kInvalid with the register's words (shift over 24 hours, paper
// out, drive full, invalid receipt), kInternal if the folder cannot be written.
class VirtualRegister {
 public:
  static base::Result<std::unique_ptr<VirtualRegister>> Open(const std::string& folder,
                                                             const base::Clock& clock);
  virtual ~VirtualRegister() = default;

  virtual base::Result<Printed> PrintReceipt(const ffd::Receipt& receipt,
                                             const std::string& order_id,
                                             const std::string& command_key) = 0;
  virtual base::Result<Printed> OpenShift(const std::string& order_id,
                                          const std::string& command_key) = 0;
  virtual base::Result<Printed> CloseShift(const std::string& order_id,
                                           const std::string& command_key) = 0;
  virtual base::Result<Printed> XReport(const std::string& order_id,
                                        const std::string& command_key) = 0;
  virtual base::Result<Printed> OpenDrawer(const std::string& order_id,
                                           const std::string& command_key) = 0;
  virtual base::Result<Printed> CashIn(base::Money sum, const std::string& order_id,
                                       const std::string& command_key) = 0;
  virtual base::Result<Printed> CashOut(base::Money sum, const std::string& order_id,
                                        const std::string& command_key) = 0;

  // The document with that key, if it was printed: what a deduplicating driver answers again.
  virtual const Printed* Find(const std::string& order_id,
                              const std::string& command_key) const = 0;
  virtual const std::vector<Printed>& journal() const = 0;
  // FN, next FD, shift and its age, drawer: for the emulator's status page.
  virtual std::string StatusJson() const = 0;
};

}  // namespace fiscalgate::register_
