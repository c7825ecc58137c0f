#include "lib/store/sql_settings.h"

#include "lib/base/json.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

const std::string& TextOf(const std::string& value) { return value; }
const std::string& TextOf(const base::Secret& value) { return value.Reveal(); }

template <typename Value>
std::string Written(const std::map<std::string, Value>& values) {
  if (values.empty()) return "";
  base::JsonWriter writer;
  writer.BeginObject();
  for (const auto& [name, value] : values) writer.Key(name).String(TextOf(value));
  writer.EndObject();
  return writer.Take();
}

template <typename Value>
Status ReadInto(std::string_view json, std::map<std::string, Value>* values) {
  if (json.empty()) return base::Ok();
  const auto document = base::ParseJson(json);
  if (!document) return Error{Code::kInternal, "settings of a register cannot be read"};
  for (const auto& [name, value] : document->root().members) {
    values->emplace(name, Value(std::string(value.text)));
  }
  return base::Ok();
}

std::string SecretsPlace(const task::Register& r) { return "register/" + r.name + "/secrets"; }

Status ReadRow(const Row& row, Opener* opener, task::Register* r) {
  r->mapping = row.Text(2);
  Status read = ReadInto(row.Text(0), &r->settings);
  if (!read) return read;
  return ReadInto(opener->Open(row.Text(1), SecretsPlace(*r)).Reveal(), &r->secrets);
}

// What another provider has kept of a conversation says nothing to this one.
Status ForgetNotes(Connection& connection, task::RegisterKey key) {
  Result<std::int64_t> rows =
      connection.Run("UPDATE task SET notes = '' WHERE register = $1 AND notes <> ''", {key});
  if (!rows) return rows.error();
  return base::Ok();
}

}  // namespace

Status ReadCloudSettings(Connection& connection, Opener* opener,
                         std::vector<task::Register>* registers) {
  Status status = base::Ok();
  auto at = registers->begin();
  Result<std::int64_t> rows = connection.Run(
      "SELECT settings, secrets, mapping FROM register ORDER BY key", {}, [&](const Row& row) {
        const Status read = ReadRow(row, opener, &*at++);
        if (status.ok()) status = read;
      });
  if (!rows) return rows.error();
  return status;
}

Status ReadRoutes(Connection& connection, std::vector<task::Shop>* shops) {
  auto at = shops->begin();
  Result<std::int64_t> rows = connection.Run(
      "SELECT shop, from_register, to_register FROM shop_route ORDER BY shop, from_register", {},
      [&](const Row& row) {
        while (at->key != row.Int(0)) ++at;  // both are in the order of keys
        at->routes.emplace(row.Int(1), row.Int(2));
      });
  if (!rows) return rows.error();
  return base::Ok();
}

Status CheckProvider(Connection& connection, const task::Register& r) {
  Result<std::int64_t> others =
      connection.Run("SELECT key FROM register WHERE key = $1 AND provider <> $2",
                     {r.key, std::string_view(r.provider)});
  if (!others) return others.error();
  if (*others == 0) return base::Ok();
  Result<std::int64_t> queued = connection.Run(
      "SELECT seq FROM task WHERE month = 0 AND register = $1 AND state = 0 LIMIT 1", {r.key});
  if (!queued) return queued.error();
  Result<std::int64_t> open = connection.Run(
      "SELECT seq FROM task WHERE month = 0 AND state IN (1, 2, 3) AND register = $1 LIMIT 1",
      {r.key});
  if (!open) return open.error();
  if (*queued + *open == 0) return ForgetNotes(connection, r.key);
  return Error{Code::kConflict,
               "the register has tasks that are not over: they are its provider's"};
}

Status PutCloudSettings(Connection& connection, task::RegisterKey key, const task::Register& r,
                        const base::KeyRing& keys) {
  const std::string settings = Written(r.settings);
  const std::string secrets = SealOrEmpty(keys, base::Secret(Written(r.secrets)), SecretsPlace(r));
  Result<std::int64_t> rows = connection.Run(
      "UPDATE register SET settings = $1, secrets = $2, mapping = $3 WHERE key = $4",
      {std::string_view(settings), Bytes{secrets}, std::string_view(r.mapping), key});
  if (!rows) return rows.error();
  return base::Ok();
}

Status PutRoutes(Connection& connection, task::ShopKey key, const task::Shop& shop) {
  Result<std::int64_t> rows = connection.Run("DELETE FROM shop_route WHERE shop = $1", {key});
  for (const auto& [from, to] : shop.routes) {
    if (!rows) break;
    if (from == to) return Error{Code::kInvalid, "a route leads to where it begins"};
    Result<std::int64_t> known =
        connection.Run("SELECT key FROM register WHERE key IN ($1, $2)", {from, to});
    if (!known) return known.error();
    if (*known != 2) return Error{Code::kNotFound, "a register of this route does not exist"};
    rows = connection.Run(
        "INSERT INTO shop_route (shop, from_register, to_register) VALUES ($1, $2, $3)",
        {key, from, to});
  }
  if (!rows) return rows.error();
  return base::Ok();
}

}  // namespace fiscalgate::store
