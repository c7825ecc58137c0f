// Where a rule found something, in the words of the document, and how to tell it as a path into the
// text that was posted. Costs nothing until there is something to tell.
#pragma once

#include <string>

#include "lib/base/json.h"
#include "lib/ffd/path.h"

namespace fiscalgate::ffd {

// An item (its index, or -1: the receipt), a group in it (its tag, or 0; of a list, which), a tag
// in that (0: the object itself).
struct Spot {
  int tag = 0;
  int item = -1;
  int group = 0;
  int index = 0;
};
// The driver's own objects stand for tags here.
inline constexpr int kPaymentsSpot = -1, kItemsSpot = -2;

// Views its arguments. One thread.
class PathFinder {
 public:
  // `root` is the receipt's object, or nullptr: then every path uses the usual keys.
  PathFinder(const base::JsonValue* root, const Path& path) : root_(root), path_(path) {}

  // A JSON pointer: with the keys that were posted where there are such, else with the usual ones.
  std::string Text(const Spot& spot) const;

 private:
  struct Place {
    const base::JsonValue* object = nullptr;
    std::string text;
  };
  Place FindItem(int item) const;
  static void Enter(int group, int index, Place* place);
  const base::JsonValue* const root_;
  const Path& path_;
};

}  // namespace fiscalgate::ffd
