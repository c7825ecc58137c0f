// What the two engines say differently. All other SQL of the store is the same text for both.
#pragma once

#include <string>
#include <vector>

namespace fiscalgate::store {

struct Dialect {
  std::string serial_key;        // type of a growing 64-bit primary key
  std::string bytes;             // type of a byte string
  std::string clustered;         // table option: rows are kept in the order of the primary key
  std::string event_numbers;     // $1 values: the keys of the next events
  std::string callback_numbers;  // the same for callbacks
  // Where the task of an order is found. If that is not the task's own table, an order is written
  // there before its task, which gets the number from there.
  std::string orders = "task";
  std::vector<std::string> month_tables = {};  // changes of the tables to keep months apart
  std::string tables = {};                     // names of all tables
  std::string columns = {};          // of the table $1: name, type, place in the key, has a counter
  std::string restart_counter = {};  // of {column} of {table}, after what is there
  bool shared = false;               // several gateways may have one store
  std::string short_waits = {};      // of a transaction: for locks; "": there are none
  std::string migration_lock = {};   // makes programs that change the tables take turns; "": none
};

// A text with {table} and {column} in it, each any number of times.
std::string Filled(std::string text, const std::string& table, const std::string& column);

}  // namespace fiscalgate::store
