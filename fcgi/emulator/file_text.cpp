#include "fcgi/emulator/file_text.h"

#include <fstream>

#include "lib/base/limits.h"

namespace fiscalgate::emulator {

base::Result<std::string> FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error{base::Code::kNotFound, path + ": cannot be read"};
  std::string text(base::kMaxMappingBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > base::kMaxMappingBytes) {
    return base::Error{base::Code::kTooLarge, path + ": too large"};
  }
  return text;
}

}  // namespace fiscalgate::emulator
