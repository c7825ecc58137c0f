// What one node makes of the others: who is silent, and who should have which lane. Pure; one
// thread; no clocks of two machines are compared.
//
// A node is silent when its count of renewals has stood still for kNodeSilence while this node
// looked all that time. It stopped sending before that (kNodeMaySend after its last renewal began,
// by its own clock), so its lanes can be taken. Who could not look, knows of nobody's silence.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/clock.h"
#include "lib/store/nodes.h"

namespace fiscalgate::cluster {

class Census {
 public:
  // `now`: when the look had come back. Who renewed since is counted from a later look on.
  // True: there are others than before.
  bool See(const std::vector<store::Node>& nodes, base::MonoTime now);
  // The store could not be read.
  void SeeNothing();

  // To be expelled at that count; not this node itself.
  std::vector<store::Node> Silent(const std::string& own, base::MonoTime now) const;
  // Whose lane or shop it is: the same for all who know the same nodes; when one comes or goes,
  // only its own share moves. "" = there is no node.
  std::string OwnerOf(std::int64_t key) const;
  // One of them all, for chores that need only one.
  std::string First() const { return nodes_.empty() ? "" : nodes_.front().token; }
  std::size_t size() const { return nodes_.size(); }

 private:
  struct Seen {
    std::int64_t renewals = 0;
    base::MonoTime since{};
  };
  std::vector<store::Node> nodes_;
  std::unordered_map<std::string, Seen> seen_;
  base::MonoTime looked_at_{};
  bool looked_ = false;
};

}  // namespace fiscalgate::cluster
