// All parts of one emulated driver, put together: what its endpoints work on. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fcgi/emulator/driver.h"
#include "fcgi/emulator/fault_marks.h"
#include "fcgi/emulator/faults.h"
#include "fcgi/emulator/offset_clock.h"
#include "fcgi/emulator/parking.h"
#include "fcgi/router.h"
#include "lib/base/result.h"
#include "lib/register/paper.h"

namespace fiscalgate::emulator {

struct Device {
  // Opens the register and the terminal in `folder`. Errors: as VirtualRegister::Open.
  static base::Result<std::unique_ptr<Device>> Open(const std::string& folder,
                                                    const base::Clock& clock);

  explicit Device(const base::Clock& real_clock) : clock(real_clock), parking(real_clock) {}

  OffsetClock clock;
  std::unique_ptr<register_::VirtualRegister> kkt;
  std::unique_ptr<register_::VirtualTerminal> terminal;
  FaultBox faults;
  MarkMemory marks;
  std::unique_ptr<Driver> driver;
  Parking parking;
  std::size_t columns = register_::Paper::kColumns;  // of printed forms, where none are asked for
  std::uint64_t seed = 1;                            // of rules that name none
};

}  // namespace fiscalgate::emulator
