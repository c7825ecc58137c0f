// Which lanes this node may work on. The dispatcher and the conversations ask it before they begin
// anything; a gateway that has its store alone needs none.
//
// Any thread; never blocks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/task/task.h"

namespace fiscalgate::cluster {

class Holdings {
 public:
  virtual ~Holdings() = default;
  virtual bool Has(task::RegisterKey lane) const = 0;
  // With what to claim a task; "" while this node may begin nothing: the others may take it for
  // dead.
  virtual std::string Token() const = 0;
  // To be asked just before a request leaves that was claimed with this token: whether the others
  // cannot have taken the node for dead yet.
  virtual std::function<bool()> Permit(const std::string& token) const = 0;
};

// What became of lanes. `taken` may hold lanes that were had before: there is news in them.
struct LanesMoved {
  std::vector<task::RegisterKey> taken, lost;
  std::vector<task::TaskSeq> unknown = {};  // found in mid-flight in those taken
};

}  // namespace fiscalgate::cluster
