// The virtual register: what a cash register does, without the metal. It keeps its state in a
// folder: serial numbers, growing document and shift numbers, the cash drawer, and a journal of
// every printed document. Behind the emulators; never pretends to be registered with the tax
// service.
//
// A document is printed when its line is in the journal and flushed to disk; a crash in between
// prints nothing. One thread at a time (the emulator holds a mutex).
//
// Chosen here, because registers differ: the first receipt opens a shift that is closed (with a
// document of its own, outside any order); the drawer keeps its cash over shifts and gives no more
// than it holds; only receipts are refused in a shift over 24 hours, so that it can be closed.
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
  std::string text;         // the printed form, in 48 columns
  std::string narrow_text;  // the same in 32; empty in journals that are older than it
  base::WallTime printed_at;
  std::int64_t shift_1038 = 0;  // the shift it was printed in, 0 = none was open
  base::Money drawer_change;    // what it put into the cash drawer, or took out
};

// Errors of all printing operations: kInvalid with the register's words (shift over 24 hours, paper
// out, drive full, invalid receipt), kInternal if the folder cannot be written.
class VirtualRegister {
 public:
  // Makes the folder's files if it is empty; reads the journal to its end otherwise. Errors:
  // kNotFound, kForbidden, kConflict (another process has it), kMalformed (a damaged journal).
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
  // Valid until the next document is printed.
  virtual const Printed* Find(const std::string& order_id,
                              const std::string& command_key) const = 0;
  virtual const std::vector<Printed>& journal() const = 0;
  // FN, next FD, shift and its age, drawer: for the emulator's status page. An object.
  virtual std::string StatusJson() const = 0;
};

}  // namespace fiscalgate::register_
