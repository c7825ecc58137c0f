// What every emulated cloud service has, put together: its folder, a register that looks after
// itself, faults, settings, a place for answers that come late. `mutex` guards the ledger, the
// press and whatever the service keeps; endpoints hold it while the service answers. Any thread may
// use the rest.
//
// No thread of its own: a document is processed when its time has come and somebody asks.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "fcgi/emulator/cloud/ledger.h"
#include "fcgi/emulator/cloud/numbers.h"
#include "fcgi/emulator/cloud/press.h"
#include "fcgi/emulator/faults.h"
#include "fcgi/emulator/offset_clock.h"
#include "fcgi/emulator/parking.h"

namespace fiscalgate::emulator::cloud {

inline constexpr std::string_view kProcessingMs = "processing_ms";
inline constexpr std::int64_t kDefaultProcessingMs = 300;

struct Cloud {
  // Errors: as VirtualRegister::Open and JournalFile::Open.
  static base::Result<std::unique_ptr<Cloud>> Open(const std::string& folder,
                                                   const base::Clock& clock);
  explicit Cloud(const base::Clock& real_clock);

  std::string folder;  // for what a service keeps beside it
  OffsetClock clock;
  FaultBox faults;
  Parking parking;
  Numbers numbers;
  std::uint64_t seed = 1;  // of rules that name none
  std::mutex mutex;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Press> press;
};

// A record that is registered now, to be put into the ledger: its times, and its fate as the faults
// `error` and `expire-524` will have it. The caller holds the mutex.
Record NewRecord(Cloud& cloud, std::string key, std::string kind, std::string request);
// The same record for another round of processing that begins now.
Record NextRound(Cloud& cloud, const Record& record);

}  // namespace fiscalgate::emulator::cloud
