// fiscalgate admin backup --to FILE | restore --from FILE [--to sqlite:...] | restore --in-place
#include "lib/store/backup.h"

#include <unistd.h>

#include <cstdio>
#include <memory>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/table.h"
#include "lib/protocol/bit/codec.h"

namespace fiscalgate::admin {
namespace {

// A line that counts up, where a person looks on.
store::CopyProgress ShownProgress() {
  if (::isatty(STDERR_FILENO) != 1) return nullptr;
  return [shown = -1](std::int64_t pages, std::int64_t of) mutable {
    const int percent = of == 0 ? 100 : static_cast<int>(100 * pages / of);
    if (percent == shown) return;
    shown = percent;
    std::fprintf(stderr, "\r%3d %%%s", percent, pages == of ? "\n" : "");
    std::fflush(stderr);
  };
}

void WriteSummary(const store::StoreSummary& summary, base::JsonWriter* writer) {
  writer->Key("schema").Int(summary.schema).Key("bytes").Int(summary.bytes);
  writer->Key("shops").Int(summary.shops).Key("registers").Int(summary.registers);
  writer->Key("tasks").Int(summary.tasks).Key("queued").Int(summary.queued);
  writer->Key("in_flight").Int(summary.in_flight).Key("unknown").Int(summary.unknown);
  writer->Key("callbacks_pending").Int(summary.callbacks_pending);
}

void AddSummary(const store::StoreSummary& summary, Sheet* sheet) {
  const auto add = [&](std::string_view english, std::string_view russian, std::int64_t value) {
    sheet->Add(std::string(Say(english, russian)), std::to_string(value));
  };
  add("bytes", "байт", summary.bytes);
  add("version of the tables", "версия таблиц", summary.schema);
  add("shops", "магазинов", summary.shops);
  add("registers", "касс", summary.registers);
  add("tasks", "задач", summary.tasks);
  add("  queued", "  в очереди", summary.queued);
  add("  in flight", "  в работе", summary.in_flight);
  add("  unknown", "  неизвестных", summary.unknown);
  add("callbacks pending", "уведомлений ждёт", summary.callbacks_pending);
}

Status Backup(const Desk& desk, const std::string& file) {
  Result<Desk::Place> place = desk.FindPlace();
  if (!place) return place.error();
  Result<store::BackupMade> made =
      store::BackupStore(place->store_url, file, Now(), ShownProgress());
  if (!made) return made.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("file").String(file);
  writer.Key("taken_at").String(base::FormatUtc(made->taken_at));
  writer.Key("integrity").String("ok").Key("key_file_is_in_it").Bool(false);
  WriteSummary(made->summary, &writer);
  writer.EndObject();
  desk.Answer(&writer);
  Sheet sheet;
  sheet.Add(std::string(Say("file", "файл")), file);
  sheet.Add(std::string(Say("taken at", "снята")), base::FormatUtc(made->taken_at));
  sheet.Add(std::string(Say("integrity", "целостность")), "ok");
  AddSummary(made->summary, &sheet);
  desk.Print(sheet.Text());
  desk.Print(std::string(Say("The key file is NOT in it: ", "Файла ключа в копии НЕТ: ")) +
             place->key_file +
             std::string(Say(" must be kept as well, elsewhere. Without it codes and tokens in the "
                             "copy cannot be read.",
                             " тоже нужно сохранить, и в другом месте. Без него коды и токены из "
                             "копии не прочитать.")));
  return base::Ok();
}

struct RestoreWords {
  std::string from, to;
  bool in_place = false, force = false, as_is = false;
};

void PrintRestored(const Desk& desk, const store::Restored& restored, bool as_is) {
  const std::string taken = base::FormatUtc(restored.taken_at);
  Sheet sheet;
  sheet.Add(std::string(restored.time_is_known ? Say("taken at", "снята")
                                               : Say("last change", "последнее изменение")),
            taken);
  if (!restored.kept_aside.empty()) {
    sheet.Add(std::string(Say("what was there", "что было на месте")), restored.kept_aside);
  }
  AddSummary(restored.summary, &sheet);
  desk.Print(sheet.Text());
  if (as_is) {
    desk.Print(std::string(
        Say("As it is: queued tasks will be sent. If any of them was printed after the copy was "
            "made, it is printed twice.",
            "Как есть: задачи из очереди будут отправлены. Если какая-то из них пробита после "
            "снятия копии, она будет пробита второй раз.")));
    return;
  }
  desk.Print(std::to_string(restored.made_unknown) +
             std::string(Say(" tasks were queued, in flight or unknown: they are unknown now, and "
                             "none is sent by itself. Settle them: task list --state unknown.",
                             " задач были в очереди, в работе или неизвестны: теперь они "
                             "неизвестны, сами не отправятся. Разберите их: task list --state "
                             "unknown.")));
  desk.Print(std::string(Say("What was accepted after ", "О принятом после ")) + taken +
             std::string(Say(" is not known here: a shop that posts such an order again has it "
                             "printed again. Look at the registers' tapes first.",
                             " здесь не известно: если магазин пришлёт такой заказ снова, чек "
                             "будет пробит снова. Сначала посмотрите ленты касс.")));
}

Status Restore(const Desk& desk, const RestoreWords& words) {
  if (words.in_place == !words.from.empty()) {
    return base::Error{base::Code::kInvalid,
                       std::string(Say("give either --from FILE or --in-place",
                                       "укажите либо --from ФАЙЛ, либо --in-place"))};
  }
  Result<Desk::Place> place = desk.FindPlace();
  if (!place) return place.error();
  Result<base::KeyRing> keys = Desk::LoadKeys(*place);
  if (!keys) return keys.error();
  store::RestoreOrder order;
  order.from = words.from;
  order.to = words.to.empty() ? place->store_url : words.to;
  order.force = words.force;
  order.as_is = words.as_is;
  order.write_result = protocol::bit::WriteShopResult;
  order.who = WhoIsThere();
  order.now = Now();
  Result<store::Restored> restored = store::RestoreStore(order, *keys, ShownProgress());
  if (!restored) return restored.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("taken_at").String(base::FormatUtc(restored->taken_at));
  writer.Key("taken_at_is_known").Bool(restored->time_is_known);
  writer.Key("made_unknown").Int(restored->made_unknown);
  writer.Key("kept_aside").String(restored->kept_aside);
  WriteSummary(restored->summary, &writer);
  writer.EndObject();
  desk.Answer(&writer);
  PrintRestored(desk, *restored, words.as_is);
  return base::Ok();
}

}  // namespace

void AddBackupCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* backup = AddVerb(&admin, "backup", "Copy an SQLite store while the gateway runs");
  const auto file = std::make_shared<std::string>();
  backup->add_option("--to", *file, "A file that is not there yet; the key file is not in it")
      ->required();
  backup->callback([desk, file] { desk->RunWithoutStore([&] { return Backup(*desk, *file); }); });

  CLI::App* restore = AddVerb(
      &admin, "restore",
      "Bring back a copy of a store; the gateway must be stopped. What was queued in the copy may "
      "have been printed since: it becomes unknown, and nothing of it is sent by itself");
  const auto words = std::make_shared<RestoreWords>();
  restore->add_option("--from", words->from, "What `admin backup` has made");
  restore->add_option("--to", words->to, "sqlite:/path/to/file, instead of the configured store");
  restore->add_flag("--force", words->force, "What is there is kept aside under another name");
  restore->add_flag("--as-is", words->as_is,
                    "Nothing was printed since the copy was made: what is queued stays queued. "
                    "Only where that is certain; else receipts are printed twice");
  restore->add_flag("--in-place", words->in_place,
                    "The copy is in its place already (pg_restore): only do what makes it safe");
  restore->callback(
      [desk, words] { desk->RunWithoutStore([&] { return Restore(*desk, *words); }); });
}

}  // namespace fiscalgate::admin
