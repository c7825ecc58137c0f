// What the two engines say differently. All other SQL of the store is the same text for both.
#pragma once

#include <string>

namespace fiscalgate::store {

struct Dialect {
  std::string serial_key;      // type of a growing 64-bit primary key
  std::string bytes;           // type of a byte string
  std::string clustered;       // table option: rows are kept in the order of the primary key
  std::string next_event_seq;  // one value: the key the next event gets
};

}  // namespace fiscalgate::store
