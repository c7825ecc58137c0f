// Groups of registers: a token that stands for several of them.
#include "lib/store/directory_parts.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using base::KeyRing;

std::string TokenPlace(const std::string& name) { return "group/" + name + "/kkt_token"; }

// Rows of two keys, in the order of the first: the second goes to its group.
Status ReadPairs(Connection& connection, std::string_view sql, std::vector<task::Group>* groups,
                 std::vector<std::int64_t> task::Group::*list) {
  auto at = groups->begin();
  Result<std::int64_t> rows = connection.Run(sql, {}, [&](const Row& row) {
    while (at->key != row.Int(0)) ++at;
    ((*at).*list).push_back(row.Int(1));
  });
  if (!rows) return rows.error();
  return base::Ok();
}

Status CheckIsFree(Connection& connection, const task::Group& group, const std::string& print) {
  Result<bool> taken =
      IsTaken(connection, "SELECT key FROM register_group WHERE name = $1 AND key <> $2",
              std::string_view(group.name), group.key);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "group name " + group.name + " is taken"};
  taken = IsTaken(connection, "SELECT key FROM register_group WHERE token_print = $1 AND key <> $2",
                  Bytes{print}, group.key);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "another group has this token"};
  taken = IsTaken(connection, "SELECT key FROM register WHERE token_print = $1 AND key <> $2",
                  Bytes{print}, 0);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "a register has this token"};
  return base::Ok();
}

Result<task::GroupKey> PutGroup(Connection& connection, const task::Group& group,
                                const KeyRing& keys, const std::string& print) {
  const std::string token = SealOrEmpty(keys, group.kkt_token, TokenPlace(group.name));
  constexpr std::string_view kInsert =
      "INSERT INTO register_group (name, enabled, kkt_token, token_print) "
      "VALUES ($1, $2, $3, $4) RETURNING key";
  constexpr std::string_view kUpdate =
      "UPDATE register_group SET name = $1, enabled = $2, kkt_token = $3, token_print = $4 "
      "WHERE key = $5 RETURNING key";
  std::vector<Param> values = {std::string_view(group.name), std::int64_t{group.enabled},
                               Bytes{token}, Bytes{print}};
  if (group.key != 0) values.emplace_back(group.key);
  task::GroupKey key = 0;
  Result<std::int64_t> rows = connection.Run(group.key == 0 ? kInsert : kUpdate, values,
                                             [&](const Row& row) { key = row.Int(0); });
  if (!rows) return rows.error();
  return key;
}

struct Link {
  std::string_view clear, find, add, missing;
};
constexpr Link kMembers = {"DELETE FROM group_member WHERE register_group = $1",
                           "SELECT key FROM register WHERE key = $1",
                           "INSERT INTO group_member (register_group, register) VALUES ($1, $2) "
                           "ON CONFLICT DO NOTHING",
                           "a register of this group does not exist"};
constexpr Link kShops = {"DELETE FROM group_shop WHERE register_group = $1",
                         "SELECT key FROM shop WHERE key = $1",
                         "INSERT INTO group_shop (register_group, shop) VALUES ($1, $2) "
                         "ON CONFLICT DO NOTHING",
                         "a shop of this group does not exist"};

Status PutLinks(Connection& connection, const Link& link, task::GroupKey key,
                const std::vector<std::int64_t>& others) {
  Result<std::int64_t> rows = connection.Run(link.clear, {key});
  for (std::size_t i = 0; rows.ok() && i < others.size(); ++i) {
    Result<std::int64_t> known = connection.Run(link.find, {others[i]});
    if (!known) return known.error();
    if (*known == 0) return Error{Code::kNotFound, std::string(link.missing)};
    rows = connection.Run(link.add, {key, others[i]});
  }
  if (!rows) return rows.error();
  return base::Ok();
}

Result<task::GroupKey> SaveGroup(Connection& connection, const task::Group& group,
                                 const KeyRing& keys) {
  const std::string print = keys.Fingerprint(group.kkt_token.Reveal());
  Status status = CheckIsFree(connection, group, print);
  if (!status) return status.error();
  Result<task::GroupKey> key = PutGroup(connection, group, keys, print);
  if (!key) return key;
  if (*key == 0) return Error{Code::kNotFound, "no such group"};
  status = PutLinks(connection, kMembers, *key, group.members);
  if (status.ok()) status = PutLinks(connection, kShops, *key, group.shops);
  if (status.ok()) status = BumpOperatorVersion(connection);
  if (!status) return status.error();
  return key;
}

}  // namespace

Result<std::vector<task::Group>> ReadGroups(Connection& connection, Opener* opener) {
  std::vector<task::Group> groups;
  Result<std::int64_t> rows =
      connection.Run("SELECT key, name, enabled, kkt_token FROM register_group ORDER BY key", {},
                     [&](const Row& row) {
                       task::Group& group = groups.emplace_back();
                       group.key = row.Int(0);
                       group.name = row.Text(1);
                       group.enabled = row.Int(2) != 0;
                       group.kkt_token = opener->Open(row.Text(3), TokenPlace(group.name));
                     });
  if (!rows) return rows.error();
  Status read = ReadPairs(connection,
                          "SELECT register_group, register FROM group_member "
                          "ORDER BY register_group, register",
                          &groups, &task::Group::members);
  if (read.ok()) {
    read = ReadPairs(connection,
                     "SELECT register_group, shop FROM group_shop ORDER BY register_group, shop",
                     &groups, &task::Group::shops);
  }
  if (!read) return read.error();
  return groups;
}

Status CheckNoGroupHas(Connection& connection, const std::string& token_print) {
  Result<bool> taken =
      IsTaken(connection, "SELECT key FROM register_group WHERE token_print = $1 AND key <> $2",
              Bytes{token_print}, 0);
  if (!taken) return taken.error();
  if (*taken) return Error{Code::kConflict, "a group has this token"};
  return base::Ok();
}

Result<task::GroupKey> SqlStore::AddGroup(const task::Group& group) {
  task::Group added = group;
  added.key = 0;
  return writer_.Call<task::GroupKey>(
      [&](Connection& connection) { return SaveGroup(connection, added, keys_); });
}

Status SqlStore::UpdateGroup(const task::Group& group) {
  if (group.key == 0) return Error{Code::kNotFound, "no such group"};
  return Do([&](Connection& connection) -> Status {
    Result<task::GroupKey> saved = SaveGroup(connection, group, keys_);
    if (!saved) return saved.error();
    return base::Ok();
  });
}

}  // namespace fiscalgate::store
