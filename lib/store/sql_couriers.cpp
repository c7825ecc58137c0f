#include "lib/store/sql_couriers.h"

#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kList =
    "SELECT key, login, name, enabled, shop, register, password, prog_url, taxation, vat "
    "FROM courier ORDER BY key";
constexpr std::string_view kFind =
    "SELECT key, login, name, enabled, shop, register, password, prog_url, taxation, vat "
    "FROM courier WHERE login = $1";

Courier CourierFromRow(const Row& row) {
  Courier courier;
  courier.key = row.Int(0);
  courier.login = row.Text(1);
  courier.name = row.Text(2);
  courier.enabled = row.Int(3) != 0;
  courier.shop = row.Int(4);
  courier.register_key = row.Int(5);
  courier.password = row.Text(6);
  courier.prog_url = row.Text(7);
  courier.taxation_1055 = static_cast<int>(row.Int(8));
  courier.vat_1199 = static_cast<int>(row.Int(9));
  return courier;
}

Status Note(Connection& connection, const By& by, std::string_view subject) {
  return WriteAudit(connection, {by.who, by.act, subject, "", by.at});
}

// Gives the key; nothing if no row was written.
Result<std::optional<std::int64_t>> Put(Connection& connection, const Courier& courier) {
  std::vector<Param> values = {std::string_view(courier.login),
                               std::string_view(courier.name),
                               std::int64_t{courier.enabled},
                               courier.shop,
                               courier.register_key,
                               std::string_view(courier.password),
                               std::string_view(courier.prog_url),
                               std::int64_t{courier.taxation_1055},
                               std::int64_t{courier.vat_1199}};
  if (courier.key != 0) values.emplace_back(courier.key);
  std::optional<std::int64_t> key;
  Result<std::int64_t> rows = connection.Run(
      courier.key == 0
          ? "INSERT INTO courier (login, name, enabled, shop, register, password, prog_url, "
            "taxation, vat) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
            "ON CONFLICT (login) DO NOTHING RETURNING key"
          : "UPDATE courier SET login = $1, name = $2, enabled = $3, shop = $4, register = $5, "
            "password = $6, prog_url = $7, taxation = $8, vat = $9 WHERE key = $10 RETURNING key",
      values, [&](const Row& row) { key = row.Int(0); });
  if (!rows) return rows.error();
  return key;
}

}  // namespace

Result<std::int64_t> SqlCouriers::Add(const Courier& courier, const By& by) {
  return writer_.Call<std::int64_t>([&](Connection& connection) -> Result<std::int64_t> {
    Courier fresh = courier;
    fresh.key = 0;
    auto key = Put(connection, fresh);
    if (!key) return key.error();
    if (!*key) return Error{Code::kConflict, "login " + courier.login + " is taken"};
    Status noted = Note(connection, by, courier.login);
    if (!noted) return noted.error();
    return **key;
  });
}

Status SqlCouriers::Update(const Courier& courier, const By& by) {
  return writer_.Call<base::Unit>([&](Connection& connection) -> Status {
    auto key = Put(connection, courier);
    if (!key) return key.error();
    if (!*key) return Error{Code::kNotFound, "no such courier"};
    return Note(connection, by, courier.login);
  });
}

Result<std::vector<Courier>> SqlCouriers::List() {
  using All = std::vector<Courier>;
  return readers_.Read<All>([](Connection& connection) -> Result<All> {
    All all;
    Result<std::int64_t> rows =
        connection.Run(kList, {}, [&](const Row& row) { all.push_back(CourierFromRow(row)); });
    if (!rows) return rows.error();
    return all;
  });
}

Result<std::optional<Courier>> SqlCouriers::Find(std::string_view login) {
  using Found = std::optional<Courier>;
  return readers_.Read<Found>([login](Connection& connection) -> Result<Found> {
    Found found;
    Result<std::int64_t> rows =
        connection.Run(kFind, {login}, [&](const Row& row) { found = CourierFromRow(row); });
    if (!rows) return rows.error();
    return found;
  });
}

Status SqlCouriers::PutGoods(task::ShopKey shop, const std::string& goods, const By& by) {
  return writer_.Call<base::Unit>([&](Connection& connection) -> Status {
    Result<std::int64_t> rows = connection.Run(
        "INSERT INTO courier_goods (shop, goods) VALUES ($1, $2) "
        "ON CONFLICT (shop) DO UPDATE SET goods = excluded.goods",
        {shop, std::string_view(goods)});
    if (!rows) return rows.error();
    return Note(connection, by, std::to_string(shop));
  });
}

Result<std::string> SqlCouriers::Goods(task::ShopKey shop) {
  return readers_.Read<std::string>([shop](Connection& connection) -> Result<std::string> {
    std::string goods = "[]";
    Result<std::int64_t> rows =
        connection.Run("SELECT goods FROM courier_goods WHERE shop = $1", {shop},
                       [&](const Row& row) { goods = row.Text(0); });
    if (!rows) return rows.error();
    return goods;
  });
}

}  // namespace fiscalgate::store
