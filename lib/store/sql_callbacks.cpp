// The relay's side: what is due, and what became of each try.
#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

Status RecordTry(Connection& connection, const Delivered& delivered) {
  const std::string error =
      base::ToStorableText(base::Truncate(delivered.error, base::kKeptAnswerBytes));
  Result<std::int64_t> rows = connection.Run(
      "UPDATE callback SET state = $1, due_at = $2, attempts = attempts + 1, last_status = $3, "
      "last_error = $4, changed_at = $5 WHERE key = $6 AND +state = 0 AND attempts = $7",
      {StoredCallbackState(delivered.state), base::ToMillis(delivered.due_at),
       std::int64_t{delivered.status}, std::string_view(error), base::ToMillis(delivered.at),
       delivered.key, std::int64_t{delivered.attempts}});
  if (!rows) return rows.error();
  return base::Ok();
}

Status MoveDue(Connection& connection, const Delivered& delivered) {
  Result<std::int64_t> rows = connection.Run(
      "UPDATE callback SET due_at = $1 WHERE key = $2 AND +state = 0 AND attempts = $3",
      {base::ToMillis(delivered.due_at), delivered.key, std::int64_t{delivered.attempts}});
  if (!rows) return rows.error();
  return base::Ok();
}

Status Replayed(Connection& connection, std::string_view who, std::string_view subject,
                WallTime now) {
  Status audited = WriteAudit(connection, {who, "replay callback", subject, "", now});
  if (!audited) return audited;
  return BumpOperatorVersion(connection);
}

}  // namespace

Result<std::vector<std::pair<task::ShopKey, WallTime>>> SqlStore::ShopsWithCallbacks() {
  using Shops = std::vector<std::pair<task::ShopKey, WallTime>>;
  return Read<Shops>([](Connection& connection) -> Result<Shops> {
    Shops shops;
    Result<std::int64_t> rows = connection.Run(
        "SELECT s.key, (SELECT c.due_at FROM callback c WHERE c.state = 0 AND c.shop = s.key "
        "ORDER BY c.due_at LIMIT 1) FROM shop s ORDER BY s.key",
        {}, [&](const Row& row) {
          if (!row.IsNull(1)) shops.emplace_back(row.Int(0), base::FromMillis(row.Int(1)));
        });
    if (!rows) return rows.error();
    return shops;
  });
}

Result<std::vector<Callback>> SqlStore::DueCallbacks(task::ShopKey shop, WallTime now, int limit) {
  return Read<std::vector<Callback>>([&](Connection& connection) -> Result<std::vector<Callback>> {
    std::vector<Callback> due;
    Result<std::int64_t> rows = connection.Run(
        "SELECT " FG_CALLBACK_COLUMNS
        " FROM callback c WHERE c.state = 0 AND c.shop = $1 "
        "AND c.due_at <= $2 ORDER BY c.due_at, c.key LIMIT $3",
        {shop, base::ToMillis(now), std::int64_t{std::min(limit, base::kMaxRowsPerRead)}},
        [&](const Row& row) { due.push_back(CallbackFromRow(row)); });
    if (!rows) return rows.error();
    Status named = NameTasks(connection, &due);
    if (!named) return named.error();
    return due;
  });
}

Result<std::optional<WallTime>> SqlStore::NextCallbackDue(task::ShopKey shop) {
  return Read<std::optional<WallTime>>(
      [&](Connection& connection) -> Result<std::optional<WallTime>> {
        std::optional<WallTime> due;
        Result<std::int64_t> rows = connection.Run(
            "SELECT due_at FROM callback WHERE state = 0 AND shop = $1 ORDER BY due_at LIMIT 1",
            {shop}, [&](const Row& row) { due = base::FromMillis(row.Int(0)); });
        if (!rows) return rows.error();
        return due;
      });
}

Status SqlStore::RecordDeliveries(const std::vector<Delivered>& deliveries) {
  return Do([&](Connection& connection) {
    for (const Delivered& delivered : deliveries) {
      Status recorded =
          delivered.counted ? RecordTry(connection, delivered) : MoveDue(connection, delivered);
      if (!recorded) return recorded;
    }
    return base::Ok();
  });
}

Status SqlStore::ReplayCallback(std::string_view webhook_id, const std::string& who, WallTime now) {
  return Do([&](Connection& connection) -> Status {
    Result<std::int64_t> rows = connection.Run(
        "UPDATE callback SET state = 0, attempts = 0, due_at = $1, changed_at = $1 "
        "WHERE webhook_id = $2",
        {base::ToMillis(now), webhook_id});
    if (!rows) return rows.error();
    if (*rows == 0) return Error{Code::kNotFound, "no callback has this id"};
    return Replayed(connection, who, webhook_id, now);
  });
}

Result<std::int64_t> SqlStore::ReplayDeadCallbacks(task::ShopKey shop, const std::string& who,
                                                   WallTime now) {
  return writer_.Call<std::int64_t>([&](Connection& connection) -> Result<std::int64_t> {
    Result<std::int64_t> rows = connection.Run(
        "UPDATE callback SET state = 0, attempts = 0, due_at = $1, changed_at = $1 "
        "WHERE shop = $2 AND state = 2",
        {base::ToMillis(now), shop});
    if (!rows.ok() || *rows == 0) return rows;
    const std::string subject = "all dead of shop " + std::to_string(shop);
    Status noted = Replayed(connection, who, subject, now);
    if (!noted) return noted.error();
    return rows;
  });
}

}  // namespace fiscalgate::store
