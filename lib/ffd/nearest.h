// The known key nearest to one that is not known, for the text of a fault. Pure; any thread. Costs
// some ten microseconds: callers count how often they ask.
#pragma once

#include <string>
#include <string_view>

namespace fiscalgate::ffd {

// Among the keys and official names of all tags and the words of the driver: by edit distance, of
// the whole key, of what stands before its number, or of the name. "" if nothing is near.
std::string NearestKey(std::string_view key);

// How many letters must be put in, left out or exchanged; anything above `limit` counts as limit+1.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace fiscalgate::ffd
