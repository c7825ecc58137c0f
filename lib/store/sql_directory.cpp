// Shops and registers. Secrets are sealed with their place, so that one copied into another row
// does not open; a token that is taken is found by its fingerprint.
#include "lib/store/directory_parts.h"
#include "lib/store/rows.h"
#include "lib/store/sql_agents.h"
#include "lib/store/sql_settings.h"
#include "lib/store/sql_store.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using base::KeyRing;
using base::Secret;

std::string ShopPlace(const std::string& account_id, std::string_view column) {
  return "shop/" + account_id + "/" + std::string(column);
}
std::string RegisterPlace(const std::string& name, std::string_view column) {
  return "register/" + name + "/" + std::string(column);
}

task::Shop ShopFromRow(const Row& row, Opener* opener) {
  task::Shop shop;
  shop.key = row.Int(0);
  shop.account_id = row.Text(1);
  shop.name = row.Text(2);
  shop.enabled = row.Int(3) != 0;
  shop.code = opener->Open(row.Text(4), ShopPlace(shop.account_id, "code"));
  shop.previous_code = opener->Open(row.Text(5), ShopPlace(shop.account_id, "previous_code"));
  shop.previous_until = base::FromMillis(row.Int(6));
  shop.accept_encoded_signature = row.Int(7) != 0;
  shop.allow_prog_url = row.Int(8) != 0;
  shop.lenient_receipts = row.Int(9) != 0;
  shop.demand_successful = row.Int(10) != 0;
  shop.rate_per_second = static_cast<int>(row.Int(11));
  // The tables hold no other words.
  shop.vat_policy = task::VatPolicyNamed(row.Text(12)).value_or(shop.vat_policy);
  shop.inn_policy = task::InnPolicyNamed(row.Text(13)).value_or(shop.inn_policy);
  shop.deadline_s = static_cast<int>(row.Int(14));
  shop.bitrix24_webhook = opener->Open(row.Text(15), ShopPlace(shop.account_id, "webhook"));
  return shop;
}

task::Register RegisterFromRow(const Row& row, Opener* opener) {
  task::Register r;
  r.key = row.Int(0);
  r.name = row.Text(1);
  r.enabled = row.Int(2) != 0;
  r.provider = row.Text(3);
  r.kkt_token = opener->Open(row.Text(4), RegisterPlace(r.name, "kkt_token"));
  r.bank_token = opener->Open(row.Text(5), RegisterPlace(r.name, "bank_token"));
  r.url = row.Text(6);
  r.pinned_public_key = row.Text(7);
  r.header_generation = row.Text(8);
  r.body_encoding = row.Text(9);
  r.deduplicating = row.Int(10) != 0;
  r.pass_unknown = row.Int(11) != 0;
  r.timeout_ms = static_cast<int>(row.Int(12));
  r.ffd_version = task::FfdVersionNamed(row.Text(13)).value_or(r.ffd_version);
  r.taxation_mask = static_cast<unsigned>(row.Int(14));
  r.profile = ffd::ProviderNamed(row.Text(15)).value_or(r.profile);
  r.shift_guard = row.Int(16) != 0;
  r.shift_close_minute = static_cast<int>(row.Int(17));
  r.shift_reopen = row.Int(18) != 0;
  r.utc_offset_minutes = static_cast<int>(row.Int(19));
  r.shift_cashier = row.Text(20);
  return r;
}

Result<std::vector<task::Shop>> ReadShops(Connection& connection, Opener* opener) {
  std::vector<task::Shop> shops;
  Result<std::int64_t> rows = connection.Run(
      "SELECT key, account_id, name, enabled, code, previous_code, previous_until, "
      "accept_encoded_signature, allow_prog_url, lenient_receipts, demand_successful, "
      "rate_per_second, vat_policy, inn_policy, deadline_s, bitrix24_webhook FROM shop "
      "ORDER BY key",
      {}, [&](const Row& row) { shops.push_back(ShopFromRow(row, opener)); });
  if (!rows) return rows.error();
  Status routes = ReadRoutes(connection, &shops);
  if (!routes) return routes.error();
  return shops;
}

Result<std::vector<task::Register>> ReadRegisters(Connection& connection, Opener* opener) {
  std::vector<task::Register> registers;
  Result<std::int64_t> rows = connection.Run(
      "SELECT key, name, enabled, provider, kkt_token, bank_token, url, pinned_public_key, "
      "header_generation, body_encoding, deduplicating, pass_unknown, timeout_ms, "
      "ffd_version, taxation_mask, profile, shift_guard, shift_close_minute, shift_reopen, "
      "utc_offset_minutes, shift_cashier FROM register ORDER BY key",
      {}, [&](const Row& row) { registers.push_back(RegisterFromRow(row, opener)); });
  if (!rows) return rows.error();
  auto at = registers.begin();
  rows = connection.Run("SELECT register, shop FROM register_shop ORDER BY register, shop", {},
                        [&](const Row& row) {
                          while (at->key != row.Int(0)) ++at;  // both are in the order of keys
                          at->shops.push_back(row.Int(1));
                        });
  if (!rows) return rows.error();
  Status more = ReadAgentSettings(connection, opener->keys(), &registers);
  if (more.ok()) more = ReadCloudSettings(connection, opener, &registers);
  if (!more) return more.error();
  return registers;
}

Result<std::int64_t> ReadOperatorVersion(Connection& connection) {
  std::int64_t version = 0;
  Result<std::int64_t> rows =
      connection.Run("SELECT value FROM meta WHERE name = 'operator_version'", {},
                     [&](const Row& row) { version = row.Int(0); });
  if (!rows) return rows.error();
  return version;
}

Status CheckShopIsFree(Connection& connection, const task::Shop& shop) {
  Result<bool> taken =
      IsTaken(connection, "SELECT key FROM shop WHERE account_id = $1 AND key <> $2",
              std::string_view(shop.account_id), shop.key);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "account id " + shop.account_id + " is taken"};
  return base::Ok();
}

Status CheckRegisterIsFree(Connection& connection, const task::Register& r,
                           const std::string& print) {
  Result<bool> taken = IsTaken(connection, "SELECT key FROM register WHERE name = $1 AND key <> $2",
                               std::string_view(r.name), r.key);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "register name " + r.name + " is taken"};
  taken = IsTaken(connection, "SELECT key FROM register WHERE token_print = $1 AND key <> $2",
                  Bytes{print}, r.key);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "another register has this token"};
  return CheckNoGroupHas(connection, print);
}

// One statement for both: a key of 0 gets a new row, another one replaces its own. Gives the key,
// or 0 if there is no such row.
Result<task::ShopKey> PutShop(Connection& connection, const task::Shop& shop, const KeyRing& keys) {
  const std::string code = SealOrEmpty(keys, shop.code, ShopPlace(shop.account_id, "code"));
  const std::string previous =
      SealOrEmpty(keys, shop.previous_code, ShopPlace(shop.account_id, "previous_code"));
  const std::string webhook =
      SealOrEmpty(keys, shop.bitrix24_webhook, ShopPlace(shop.account_id, "webhook"));
  constexpr std::string_view kInsert =
      "INSERT INTO shop (account_id, name, enabled, code, previous_code, previous_until, "
      "accept_encoded_signature, allow_prog_url, lenient_receipts, demand_successful, "
      "rate_per_second, vat_policy, inn_policy, deadline_s, bitrix24_webhook) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING key";
  constexpr std::string_view kUpdate =
      "UPDATE shop SET account_id = $1, name = $2, enabled = $3, code = $4, previous_code = $5, "
      "previous_until = $6, accept_encoded_signature = $7, allow_prog_url = $8, "
      "lenient_receipts = $9, demand_successful = $10, rate_per_second = $11, "
      "vat_policy = $12, inn_policy = $13, deadline_s = $14, bitrix24_webhook = $15 "
      "WHERE key = $16 RETURNING key";
  std::vector<Param> values = {std::string_view(shop.account_id),
                               std::string_view(shop.name),
                               std::int64_t{shop.enabled},
                               Bytes{code},
                               Bytes{previous},
                               base::ToMillis(shop.previous_until),
                               std::int64_t{shop.accept_encoded_signature},
                               std::int64_t{shop.allow_prog_url},
                               std::int64_t{shop.lenient_receipts},
                               std::int64_t{shop.demand_successful},
                               std::int64_t{shop.rate_per_second},
                               task::VatPolicyName(shop.vat_policy),
                               task::InnPolicyName(shop.inn_policy),
                               std::int64_t{shop.deadline_s},
                               Bytes{webhook}};
  if (shop.key != 0) values.emplace_back(shop.key);
  task::ShopKey key = 0;
  Result<std::int64_t> rows = connection.Run(shop.key == 0 ? kInsert : kUpdate, values,
                                             [&](const Row& row) { key = row.Int(0); });
  if (!rows) return rows.error();
  return key;
}

Result<task::RegisterKey> PutRegister(Connection& connection, const task::Register& r,
                                      const KeyRing& keys, const std::string& print) {
  const std::string token = SealOrEmpty(keys, r.kkt_token, RegisterPlace(r.name, "kkt_token"));
  const std::string bank = SealOrEmpty(keys, r.bank_token, RegisterPlace(r.name, "bank_token"));
  constexpr std::string_view kInsert =
      "INSERT INTO register (name, enabled, provider, kkt_token, token_print, bank_token, url, "
      "pinned_public_key, header_generation, body_encoding, deduplicating, pass_unknown, "
      "timeout_ms, ffd_version, taxation_mask, profile, shift_guard, shift_close_minute, "
      "shift_reopen, utc_offset_minutes, shift_cashier) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) RETURNING key";
  constexpr std::string_view kUpdate =
      "UPDATE register SET name = $1, enabled = $2, provider = $3, kkt_token = $4, "
      "token_print = $5, bank_token = $6, url = $7, pinned_public_key = $8, "
      "header_generation = $9, body_encoding = $10, deduplicating = $11, pass_unknown = $12, "
      "timeout_ms = $13, ffd_version = $14, taxation_mask = $15, profile = $16, "
      "shift_guard = $17, shift_close_minute = $18, shift_reopen = $19, utc_offset_minutes = $20, "
      "shift_cashier = $21 WHERE key = $22 RETURNING key";
  std::vector<Param> values = {std::string_view(r.name),
                               std::int64_t{r.enabled},
                               std::string_view(r.provider),
                               Bytes{token},
                               Bytes{print},
                               Bytes{bank},
                               std::string_view(r.url),
                               std::string_view(r.pinned_public_key),
                               std::string_view(r.header_generation),
                               std::string_view(r.body_encoding),
                               std::int64_t{r.deduplicating},
                               std::int64_t{r.pass_unknown},
                               std::int64_t{r.timeout_ms},
                               task::FfdVersionName(r.ffd_version),
                               static_cast<std::int64_t>(r.taxation_mask),
                               ffd::ProfileOf(r.profile).name,
                               std::int64_t{r.shift_guard},
                               std::int64_t{r.shift_close_minute},
                               std::int64_t{r.shift_reopen},
                               std::int64_t{r.utc_offset_minutes},
                               std::string_view(r.shift_cashier)};
  if (r.key != 0) values.emplace_back(r.key);
  task::RegisterKey key = 0;
  Result<std::int64_t> rows = connection.Run(r.key == 0 ? kInsert : kUpdate, values,
                                             [&](const Row& row) { key = row.Int(0); });
  if (!rows) return rows.error();
  return key;
}

Status LinkShops(Connection& connection, task::RegisterKey key,
                 const std::vector<task::ShopKey>& shops) {
  Result<std::int64_t> rows =
      connection.Run("DELETE FROM register_shop WHERE register = $1", {key});
  for (std::size_t i = 0; rows.ok() && i < shops.size(); ++i) {
    Result<std::int64_t> known = connection.Run("SELECT key FROM shop WHERE key = $1", {shops[i]});
    if (!known) return known.error();
    if (*known == 0) return Error{Code::kNotFound, "a shop of this register does not exist"};
    rows = connection.Run(
        "INSERT INTO register_shop (register, shop) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        {key, shops[i]});
  }
  if (!rows) return rows.error();
  return base::Ok();
}

Result<task::ShopKey> SaveShop(Connection& connection, const task::Shop& shop,
                               const KeyRing& keys) {
  Status free = CheckShopIsFree(connection, shop);
  if (!free) return free.error();
  Result<task::ShopKey> key = PutShop(connection, shop, keys);
  if (!key) return key;
  if (*key == 0) return Error{Code::kNotFound, "no such shop"};
  Status status = PutRoutes(connection, *key, shop);
  if (status.ok()) status = BumpOperatorVersion(connection);
  if (!status) return status.error();
  return key;
}

Result<task::RegisterKey> SaveRegister(Connection& connection, const task::Register& r,
                                       const KeyRing& keys) {
  const std::string print = keys.Fingerprint(r.kkt_token.Reveal());
  Status status = CheckRegisterIsFree(connection, r, print);
  if (status.ok()) status = CheckProvider(connection, r);
  if (!status) return status.error();
  Result<task::RegisterKey> key = PutRegister(connection, r, keys, print);
  if (!key) return key;
  if (*key == 0) return Error{Code::kNotFound, "no such register"};
  status = PutAgentSettings(connection, *key, r, keys);
  if (status.ok()) status = PutCloudSettings(connection, *key, r, keys);
  if (status.ok()) status = LinkShops(connection, *key, r.shops);
  if (status.ok()) status = BumpOperatorVersion(connection);
  if (!status) return status.error();
  return key;
}

}  // namespace

Result<task::DirectoryPtr> SqlStore::LoadDirectory() {
  return Read<task::DirectoryPtr>([&](Connection& connection) -> Result<task::DirectoryPtr> {
    Opener opener(keys_);
    Result<std::int64_t> version = ReadOperatorVersion(connection);
    if (!version) return version.error();
    Result<std::vector<task::Shop>> shops = ReadShops(connection, &opener);
    if (!shops) return shops.error();
    Result<std::vector<task::Register>> registers = ReadRegisters(connection, &opener);
    if (!registers) return registers.error();
    Result<std::vector<task::Group>> groups = ReadGroups(connection, &opener);
    if (!groups) return groups.error();
    if (!opener.status().ok()) return opener.status().error();
    return task::DirectoryPtr(std::make_shared<const task::Directory>(
        std::move(*shops), std::move(*registers), *version, std::move(*groups)));
  });
}

Result<std::int64_t> SqlStore::OperatorVersion() { return Read<std::int64_t>(ReadOperatorVersion); }

Result<task::ShopKey> SqlStore::AddShop(const task::Shop& shop) {
  task::Shop added = shop;
  added.key = 0;
  return writer_.Call<task::ShopKey>(
      [&](Connection& connection) { return SaveShop(connection, added, keys_); });
}

Status SqlStore::UpdateShop(const task::Shop& shop) {
  if (shop.key == 0) return Error{Code::kNotFound, "no such shop"};
  return Do([&](Connection& connection) -> Status {
    Result<task::ShopKey> saved = SaveShop(connection, shop, keys_);
    if (!saved) return saved.error();
    return base::Ok();
  });
}

Result<task::RegisterKey> SqlStore::AddRegister(const task::Register& r) {
  task::Register added = r;
  added.key = 0;
  return writer_.Call<task::RegisterKey>(
      [&](Connection& connection) { return SaveRegister(connection, added, keys_); });
}

Status SqlStore::UpdateRegister(const task::Register& r) {
  if (r.key == 0) return Error{Code::kNotFound, "no such register"};
  return Do([&](Connection& connection) -> Status {
    Result<task::RegisterKey> saved = SaveRegister(connection, r, keys_);
    if (!saved) return saved.error();
    return base::Ok();
  });
}

}  // namespace fiscalgate::store
