#include "lib/store/archive_file.h"

#include <unistd.h>

#include <charconv>

#include "lib/base/json.h"
#include "lib/base/text.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

constexpr char kFormat[] = "fiscalgate-archive";
constexpr int kVersion = 1;
constexpr char kUnfinished[] = ".unfinished";
constexpr int kMaxFilesOfMonth = 1000;

std::string Head(Month month, int schema, base::WallTime now) {
  base::JsonWriter writer;
  writer.BeginObject().Key("format").String(kFormat).Key("version").Int(kVersion);
  writer.Key("month").String(MonthName(month)).Key("tables").Int(schema);
  writer.Key("made_at").String(base::FormatUtc(now)).EndObject();
  return writer.Take();
}

std::string Tail(const ArchiveContent& content) {
  base::JsonWriter writer;
  writer.BeginObject().Key("end").Bool(true).Key("tasks").Int(content.tasks);
  writer.Key("rows").BeginObject();
  for (const auto& [table, rows] : content.rows) writer.Key(table).Int(rows);
  writer.EndObject().Key("sha256").String(content.sum).EndObject();
  return writer.Take();
}

std::string FreeName(const std::string& folder, Month month) {
  const std::string begin = (folder.empty() ? "." : folder) + "/fiscalgate-" + MonthName(month);
  for (int number = 1;; ++number) {
    const std::string path =
        begin + (number == 1 ? "" : "-" + std::to_string(number)) + ".jsonl.gz";
    const bool is_free = ::access(path.c_str(), F_OK) != 0;
    if (is_free || number == kMaxFilesOfMonth) return path;
  }
}

Error Broken(const std::string& path, const std::string& what) {
  return {Code::kMalformed, path + ": " + what};
}

std::int64_t NumberOf(const base::JsonValue& value) {
  std::int64_t number = -1;
  std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
  return number;
}

Result<ArchiveContent> ReadTail(const std::string& path, const std::string& line) {
  const Result<base::JsonDocument> document = base::ParseJson(line);
  const base::JsonValue* end = document ? document->root().Find("end") : nullptr;
  if (end == nullptr) return Broken(path, "the last line is missing");
  ArchiveContent content;
  const base::JsonValue& root = document->root();
  content.sum = root.FindText("sha256");
  const base::JsonValue *tasks = root.Find("tasks"), *rows = root.Find("rows");
  if (tasks == nullptr || rows == nullptr) return Broken(path, "the last line is another one");
  content.tasks = NumberOf(*tasks);
  for (const auto& [table, count] : rows->members) {
    content.rows[std::string(table)] = NumberOf(count);
  }
  return content;
}

}  // namespace

Result<ArchiveFile> ArchiveFile::Create(const std::string& folder, Month month, int schema,
                                        base::WallTime now) {
  const std::string path = FreeName(folder, month);
  Result<base::GzipWriter> file = base::GzipWriter::Create(path + kUnfinished);
  if (!file) return file.error();
  ArchiveFile archive(path, std::move(*file));
  Status begun = archive.Line(Head(month, schema, now));
  if (!begun) {
    archive.Remove();
    return begun.error();
  }
  return archive;
}

Status ArchiveFile::Line(std::string text) {
  text += '\n';
  sum_.Add(text);
  return file_.Write(text);
}

Status ArchiveFile::Add(const TaskLine& line) {
  ++content_.tasks;
  for (const auto& [table, rows] : line.rows) content_.rows[table] += rows;
  return Line(line.text);
}

Result<ArchiveContent> ArchiveFile::Finish() {
  content_.sum = base::HexEncode(sum_.Take());
  Status written = file_.Write(Tail(content_) + '\n');
  if (written.ok()) written = file_.Finish();
  if (!written) return written.error();
  Result<ArchiveContent> read = CheckArchive(path_ + kUnfinished);
  if (!read) return read;
  if (!(*read == content_)) return Broken(path_, "reads back differently");
  Status named = base::MoveFile(path_ + kUnfinished, path_);
  if (!named) return named.error();
  named_ = true;
  return content_;
}

void ArchiveFile::Remove() { ::unlink((named_ ? path_ : path_ + kUnfinished).c_str()); }

Result<ArchiveContent> CheckArchive(const std::string& path) {
  Result<base::GzipReader> file = base::GzipReader::Open(path);
  if (!file) return file.error();
  ArchiveContent found;
  base::Sha256Sum sum;
  std::string line, last;
  std::int64_t lines = 0;
  for (;; ++lines) {
    Result<bool> more = file->NextLine(&line);
    if (!more) return more.error();
    if (!*more) break;
    if (lines > 0) sum.Add(last + '\n');
    last.swap(line);
    if (lines == 0 && last.find(kFormat) == std::string::npos) {
      return Broken(path, "is not an archive");
    }
  }
  Result<ArchiveContent> content = ReadTail(path, last);
  if (!content) return content;
  if (base::HexEncode(sum.Take()) != content->sum) return Broken(path, "the sum is another one");
  if (content->tasks != lines - 2) return Broken(path, "tasks are missing");
  return content;
}

}  // namespace fiscalgate::store
