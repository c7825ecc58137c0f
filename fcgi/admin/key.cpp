// fiscalgate admin key create
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/disk_guard.h"
#include "lib/base/crypto.h"

namespace fiscalgate::admin {
namespace {

// A key that root makes is given to whom the store's folder belongs to, so that the service can
// read it. A folder that is not there yet, or no file at all, leaves it as it is.
Status GiveToService(const std::string& key_file, const std::string& store_url) {
  const std::string of_store = FolderOfStore(store_url);
  struct stat folder {};
  if (::geteuid() != 0 || of_store.empty() || ::stat(of_store.c_str(), &folder) != 0) {
    return base::Ok();
  }
  if (::chown(key_file.c_str(), folder.st_uid, folder.st_gid) == 0) return base::Ok();
  return base::Error{base::Code::kForbidden, "key file " + key_file + ": " + std::strerror(errno)};
}

}  // namespace

void AddKeyCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "key", "The key that seals the secrets in the store");
  AddVerb(noun, "create", "Make the key file; an existing one is left alone")->callback([desk] {
    desk->RunWithoutStore([&]() -> Status {
      Result<Desk::Place> place = desk->FindPlace();
      if (!place) return place.error();
      const std::string& path = place->key_file;
      Status created = base::KeyRing::Create(path);
      if (created.ok()) created = GiveToService(path, place->store_url);
      if (!created) return created;
      base::JsonWriter writer;
      writer.BeginObject().Key("key_file").String(path).EndObject();
      desk->Answer(&writer);
      desk->Print(std::string(Say("made ", "создан ")) + path +
                  std::string(Say("; keep a copy away from the store: without it the secrets there "
                                  "are lost",
                                  "; держите копию отдельно от базы: без неё секреты потеряны")));
      return base::Ok();
    });
  });
}

}  // namespace fiscalgate::admin
