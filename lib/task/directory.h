// Who may post and what fiscalises: shops and registers as configured by the operator. Plain
// values, secrets already opened; never logged.
#pragma once

#include <map>
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

// How a request reaches the register's driver: by a connection of ours, or fetched by the agent
// beside it.
enum class Via { kPush, kAgent };

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
  int rate_per_second = 0;         // 0 = the general limit
  int deadline_s = 0;              // a task not sent after so long fails; 0 = it waits for ever
  base::Secret bitrix24_webhook;   // of its portal, which is told by it what was printed; "" = none
  // Where what it posts for one register goes instead: moved to another without touching the shop.
  std::map<RegisterKey, RegisterKey> routes;
};

struct Register {
  RegisterKey key = 0;
  std::string name;  // unique, for people
  bool enabled = true;
  std::string provider;                   // "bit", or of a cloud register: "bifit", ...
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
  bool shift_guard = true;       // its shift is closed before it is 24 hours old
  int shift_close_minute = -1;   // of its day: when its shift is closed; -1 = at no fixed time
  bool shift_reopen = true;      // a shift that was closed so is followed by a new one
  int utc_offset_minutes = 180;  // of the place where it stands
  std::string shift_cashier;     // 1021 of what is printed for it by itself; may be empty
  Via via = Via::kPush;
  base::Secret agent_key;      // of its agent; empty = none was made yet
  std::string agent_instance;  // the agent the key is bound to; empty = the first to come
  // Of a cloud register: what its provider is told, by the names of protocol::CloudSetting, and
  // what its operator has confirmed of its values (protocol::Mapping's overlay; "" = nothing).
  std::map<std::string, std::string> settings;
  std::map<std::string, base::Secret> secrets;
  std::string mapping;

  // Reached by conversations with a provider's service, not by one request to a driver.
  bool is_cloud() const { return !provider.empty() && provider != "bit"; }
};

// Several registers of the same settings behind one token: any of them may print what is posted.
struct Group {
  GroupKey key = 0;
  std::string name;  // unique, for people
  bool enabled = true;
  base::Secret kkt_token;  // BIT_KKT_TOKEN; no register has the same
  std::vector<RegisterKey> members;
  std::vector<ShopKey> shops;  // that may use it, whatever their rights at its members
};

// Whether receipts are checked alike for both, so that they may share a group.
bool ChecksAlike(const Register& a, const Register& b);

// An immutable snapshot, shared by all threads; a new one replaces it when the operator changes
// something.
class Directory {
 public:
  Directory(std::vector<Shop> shops, std::vector<Register> registers, std::int64_t version,
            std::vector<Group> groups = {});
  const Shop* FindShop(std::string_view account_id) const;
  const Shop* FindShop(ShopKey key) const;
  const Register* FindRegister(RegisterKey key) const;
  // The register with that token; the comparison is by hash, the token itself is never a map key in
  // logs.
  const Register* FindRegisterByToken(std::string_view kkt_token) const;
  // The register whose agent has that key; by hash too.
  const Register* FindRegisterByAgentKey(std::string_view key) const;
  static bool MayUse(const Register& register_, ShopKey shop);
  const Group* FindGroup(GroupKey key) const;
  const Group* FindGroupByToken(std::string_view kkt_token) const;
  static bool MayUse(const Group& group, ShopKey shop);
  const std::vector<Shop>& shops() const { return shops_; }
  const std::vector<Register>& registers() const { return registers_; }
  const std::vector<Group>& groups() const { return groups_; }
  std::int64_t version() const { return version_; }

 private:
  std::vector<Shop> shops_;
  std::vector<Register> registers_;
  std::int64_t version_;
  std::vector<Group> groups_;
  std::unordered_map<std::string, std::size_t> shop_by_account_;
  std::unordered_map<ShopKey, std::size_t> shop_by_key_;
  std::unordered_map<RegisterKey, std::size_t> register_by_key_;
  std::unordered_map<std::string, std::size_t> register_by_token_;
  std::unordered_map<std::string, std::size_t> group_by_token_;
  std::unordered_map<std::string, std::size_t> register_by_agent_key_;
};
using DirectoryPtr = std::shared_ptr<const Directory>;

}  // namespace fiscalgate::task
