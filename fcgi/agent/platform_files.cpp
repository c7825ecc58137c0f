// Whole files, by what platform.h gives on both platforms.
#include "fcgi/agent/platform.h"

namespace fiscalgate::agent::platform {

std::optional<std::string> ReadFile(const std::string& path, std::size_t limit,
                                    std::string* error) {
  File file;
  if (!file.OpenToRead(path)) {
    *error = file.error();
    return std::nullopt;
  }
  const std::int64_t size = file.Size();
  if (size < 0 || static_cast<std::size_t>(size) > limit) {
    *error = size < 0 ? file.error() : path + ": too long";
    return std::nullopt;
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (file.ReadAt(0, bytes.data(), bytes.size())) return bytes;
  *error = file.error();
  return std::nullopt;
}

bool StoreFile(const std::string& path, std::string_view bytes, std::string* error) {
  const std::string fresh = path + ".new";
  File file;
  if (!file.OpenToWrite(fresh) || !file.Truncate(0) || !file.WriteAt(0, bytes) || !file.Flush()) {
    *error = file.error();
    file.Close();
    Remove(fresh);
    return false;
  }
  file.Close();
  return Rename(fresh, path, error);
}

}  // namespace fiscalgate::agent::platform
