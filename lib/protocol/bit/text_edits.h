// Slices of a posted text that are to be replaced, and the text with that done; every other byte
// stays as posted. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fiscalgate::protocol::bit {

class TextEdits {
 public:
  // `slice` views the text that is given to Apply. Slices do not overlap.
  void Replace(std::string_view slice, std::string with) { edits_.push_back({slice, with}); }
  std::string Apply(std::string_view text);

 private:
  struct Edit {
    std::string_view slice;
    std::string with;
  };
  std::vector<Edit> edits_;
};

}  // namespace fiscalgate::protocol::bit
