// What shops, registers and groups have in common: secrets that are sealed with their place, and
// values that may be there once. For sql_directory.cpp and sql_groups.cpp only.
#pragma once

#include <string>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/store/connection.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

inline std::string SealOrEmpty(const base::KeyRing& keys, const base::Secret& secret,
                               const std::string& place) {
  return secret.empty() ? std::string() : keys.Seal(secret, place);
}

// Opens the secrets of a row; keeps the first error, so that rows can be read in a callback.
class Opener {
 public:
  explicit Opener(const base::KeyRing& keys) : keys_(keys) {}
  base::Secret Open(const std::string& sealed, const std::string& place) {
    if (sealed.empty()) return base::Secret();
    Result<base::Secret> opened = keys_.Open(sealed, place);
    if (opened.ok()) return std::move(*opened);
    if (status_.ok()) status_ = opened.error();
    return base::Secret();
  }
  const Status& status() const { return status_; }
  const base::KeyRing& keys() const { return keys_; }

 private:
  const base::KeyRing& keys_;
  Status status_ = base::Ok();
};

// Whether a row other than `key` has this value already.
inline Result<bool> IsTaken(Connection& connection, std::string_view sql, Param value,
                            std::int64_t key) {
  Result<std::int64_t> rows = connection.Run(sql, {value, key});
  if (!rows) return rows.error();
  return *rows > 0;
}

Result<std::vector<task::Group>> ReadGroups(Connection& connection, Opener* opener);
// Errors: kConflict.
Status CheckNoGroupHas(Connection& connection, const std::string& token_print);

}  // namespace fiscalgate::store
