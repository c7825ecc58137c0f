// Who may post and what fiscalises: shops and registers as configured by the operator. Plain
// values, secrets already opened; never logged.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/ffd/check_options.h"
#include "lib/task/task.h"

namespace fiscalgate::task {

// What to do with a wrong check digit in the INN of a supplier, a buyer or an operator. Of the
// shop's own and the cashier's it is always a fault.
enum class InnPolicy { kWarn, kRefuse };

struct Shop {
  ShopKey key = 0;
  std::string account_id;  // BIT_ACCOUNT_ID
  std::string name;        // for people
  bool enabled = true;
  base::Secret code;           // integrity code
  base::Secret previous_code;  // accepted until `previous_until`, after a rotation
  base::WallTime previous_until;
  bool accept_encoded_signature =
      false;                      // md5 over the encoded BIT_DATA instead of the decoded text
  bool allow_prog_url = false;    // trust an unsigned BIT_PROG_URL that is not registered
  bool lenient_receipts = false;  // ffd::CheckOptions::lenient
  ffd::VatPolicy vat_policy = ffd::VatPolicy::kRefuse;
  InnPolicy inn_policy = InnPolicy::kWarn;
  bool demand_successful = false;  // a callback is delivered only if the body says SUCCESSFUL
  int rate_per_second = 0;         // 0 = no limit
};

struct Register {
  RegisterKey key = 0;
  std::string name;  // unique, for people
  bool enabled = true;
  std::string provider;                   // "bit"
  base::Secret kkt_token;                 // BIT_KKT_TOKEN
  base::Secret bank_token;                // BIT_BNK_TRM_TOKEN; empty = none
  std::string url;                        // of the BIT driver; empty = only by BIT_PROG_URL
  std::string pinned_public_key;          // "sha256//..."; see http::SendOptions
  std::string header_generation = "1.5";  // "1.2" or "1.5"
  std::string body_encoding = "json";  // "json" | "form" | "base64" | "hex"; 1.2 always posts json=
  bool deduplicating = false;          // answers the same order number with the first result
  bool pass_unknown = false;           // the lane goes on past an unknown task
  int timeout_ms = 60'000;             // for the whole answer
  ffd::FfdVersion ffd_version = ffd::FfdVersion::k12;  // what its firmware speaks
  unsigned taxation_mask = ffd::kAllTaxation;          // 1062: the regimes it is registered with
  ffd::Provider profile = ffd::Provider::kBit;         // whose limits receipts are held to
  std::vector<ShopKey> shops;                          // that may use it
};

// An immutable snapshot, shared by all threads; a new one replaces it when the operator changes
// something.
class Directory {
 public:
  Directory(std::vector<Shop> shops, std::vector<Register> registers, std::int64_t version);
  const Shop* FindShop(std::string_view account_id) const;
  const Shop* FindShop(ShopKey key) const;
  const Register* FindRegister(RegisterKey key) const;
  // The register with that token; the comparison is by hash, the token itself is never a map key in
  // logs.
  const Register* FindRegisterByToken(std::string_view kkt_token) const;
  static bool MayUse(const Register& register_, ShopKey shop);
  const std::vector<Shop>& shops() const { return shops_; }
  const std::vector<Register>& registers() const { return registers_; }
  std::int64_t version() const { return version_; }

 private:
  std::vector<Shop> shops_;
  std::vector<Register> registers_;
  std::int64_t version_;
  std::unordered_map<std::string, std::size_t> shop_by_account_;
  std::unordered_map<ShopKey, std::size_t> shop_by_key_;
  std::unordered_map<RegisterKey, std::size_t> register_by_key_;
  std::unordered_map<std::string, std::size_t> register_by_token_;
};
using DirectoryPtr = std::shared_ptr<const Directory>;

}  // namespace fiscalgate::task
