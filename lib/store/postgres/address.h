// A "postgresql://..." address as libpq understands it, with what the store needs added: a server
// that can be written to, bounded waits, UTF-8. And one word of our own: `pooled=1`, for a way to
// the server that gives each transaction another connection (PgBouncer in transaction mode). One
// thread at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::store::postgres {

class Address {
 public:
  // Whether the text begins like one.
  static bool Fits(const std::string& url);
  // Errors: kMalformed. The text is never quoted: there may be a password in it.
  static base::Result<Address> Parse(const std::string& url);

  // For PQconnectdbParams: keywords and values.
  const std::vector<std::pair<std::string, std::string>>& words() const { return words_; }
  // Nothing may be expected of a connection beyond the end of a transaction.
  bool pooled() const { return pooled_; }
  // "host:port/database", for logs and errors.
  const std::string& shown() const { return shown_; }
  // The options of the server's own tools that mean the same place, without the password.
  std::string ForTools() const;
  // The text without the password, should it be in it.
  std::string Clean(std::string text) const;

 private:
  void Put(const std::string& keyword, const std::string& value);
  void PutIfMissing(const std::string& keyword, const std::string& value);
  std::string Value(const std::string& keyword) const;

  std::vector<std::pair<std::string, std::string>> words_;
  std::string shown_;
  bool pooled_ = false;
  std::vector<std::string> hidden_;
};

}  // namespace fiscalgate::store::postgres
