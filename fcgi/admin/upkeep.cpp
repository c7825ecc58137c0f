// fiscalgate admin migrate | copy --from sqlite:... --to postgresql:...
#include "lib/store/upkeep.h"

#include <memory>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/table.h"

namespace fiscalgate::admin {
namespace {

Status MigrateHere(const Desk& desk) {
  Result<Desk::Place> place = desk.FindPlace();
  if (!place) return place.error();
  Result<store::Migrated> migrated = store::MigrateStore(place->store_url);
  if (!migrated) return migrated.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("from").Int(migrated->from).Key("to").Int(migrated->to).EndObject();
  desk.Answer(&writer);
  desk.Print(std::string(Say("tables: version ", "таблицы: версия ")) +
             std::to_string(migrated->from) + " -> " + std::to_string(migrated->to));
  return base::Ok();
}

Status CopyAll(const Desk& desk, const std::string& from, const std::string& to) {
  Result<std::vector<store::CopiedTable>> copied = store::CopyStore(from, to);
  if (!copied) return copied.error();
  base::JsonWriter writer;
  writer.BeginArray();
  Table table({std::string(Say("table", "таблица")), std::string(Say("rows", "строк")),
               std::string(Say("checksum of both", "сумма обеих"))});
  for (const store::CopiedTable& one : *copied) {
    writer.BeginObject().Key("table").String(one.name).Key("rows").Int(one.rows);
    writer.Key("sum").String(one.sum).EndObject();
    table.Add({one.name, std::to_string(one.rows), one.sum});
  }
  writer.EndArray();
  desk.Answer(&writer);
  desk.Print(table.Text());
  return base::Ok();
}

}  // namespace

void AddUpkeepCommands(CLI::App& admin, const DeskPtr& desk) {
  AddVerb(&admin, "migrate", "Bring the tables of the store to the version of this program")
      ->callback([desk] { desk->RunWithoutStore([&] { return MigrateHere(*desk); }); });
  CLI::App* copy = AddVerb(&admin, "copy", "Copy a store into an empty one of another kind");
  const auto from = std::make_shared<std::string>(), to = std::make_shared<std::string>();
  copy->add_option("--from", *from, "sqlite:/path/to/file; the gateway must be stopped")
      ->required();
  copy->add_option("--to", *to, "postgresql://..., an empty database")->required();
  copy->callback(
      [desk, from, to] { desk->RunWithoutStore([&] { return CopyAll(*desk, *from, *to); }); });
}

}  // namespace fiscalgate::admin
