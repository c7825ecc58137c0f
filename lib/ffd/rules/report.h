// Where rules tell what they found. One thread; costs nothing until there is something to tell.
#pragma once

#include <string_view>

#include "lib/ffd/fault.h"
#include "lib/ffd/path.h"
#include "lib/ffd/spot.h"

namespace fiscalgate::ffd::rules {

class Report {
 public:
  Report(const PathFinder& paths, FaultSink& sink) : paths_(paths), sink_(sink) {}

  // With the severity of the table of faults; what is switchable is an error here.
  void Add(FaultCode code, const Spot& spot, std::string_view detail = {}) const;
  void Add(Severity severity, FaultCode code, const Spot& spot, std::string_view detail = {}) const;

 private:
  const PathFinder& paths_;
  FaultSink& sink_;
};

}  // namespace fiscalgate::ffd::rules
