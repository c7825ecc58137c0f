// The control calls over a box of faults, for every kind of emulator: rules are read from JSON or
// from a form, listed, and cleared. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fcgi/emulator/faults.h"
#include "fcgi/emulator/parking.h"
#include "lib/http/message.h"

namespace fiscalgate::emulator {

struct FaultDesk {
  FaultBox& box;
  Parking& parking;
  std::span<const FaultKind> kinds;         // what can go wrong here
  std::uint64_t seed = 1;                   // of rules that name none
  std::span<const std::string> steps = {};  // what "on" may name
};

http::Response Refuse(int status, std::string_view words);

http::Response AddFault(const http::Request& request, const FaultDesk& desk);
http::Response ListFaults(const FaultDesk& desk);
// Those who hang are let go.
http::Response ClearFaults(const FaultDesk& desk);
std::string FaultsJson(const FaultBox& box);

}  // namespace fiscalgate::emulator
