// The register of an emulated cloud service: a virtual register that looks after itself, as the
// devices of a data centre do. A shift over its age is closed before the next receipt, and cash
// that goes out is put in before. What was printed under a key and a round is never printed again.
// The caller holds the cloud's mutex.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/register/virtual_register.h"

namespace fiscalgate::emulator::cloud {

class Press {
 public:
  static base::Result<std::unique_ptr<Press>> Open(const std::string& folder,
                                                   const base::Clock& clock);

  // Errors: kInvalid in the register's words, kInternal.
  base::Status Print(const ffd::Receipt& receipt, const std::string& key, int round);
  // Valid until the next document is printed.
  const register_::Printed* Find(const std::string& key, int round) const;
  const std::vector<register_::Printed>& journal() const { return kkt_->journal(); }
  std::string StatusJson() const { return kkt_->StatusJson(); }

 private:
  Press(std::unique_ptr<register_::VirtualRegister> kkt, const base::Clock& clock);
  base::Status CloseOldShift();

  const std::unique_ptr<register_::VirtualRegister> kkt_;
  const base::Clock& clock_;
  base::WallTime shift_opened_at_{};  // of the last one that was opened
  bool shift_open_ = false;
};

}  // namespace fiscalgate::emulator::cloud
