// Months of finished tasks go into files, and then out of the store. For an operator, beside
// gateways that run; one thread, as long as it takes; one run at a time.
//
// A month is archived whole or not at all: not while a task of it lives, a callback of it waits, or
// somebody holds it (holds.h). Nothing is thrown away before its file is on the disk, was read
// back, and the rows were compared once more with what was written: a row that changed meanwhile
// stays. Of an archived order the store remembers that it was there: it is never accepted again.
//
// A run may be killed at any moment: then every task is in the store or in a whole file, or in
// both. Where months are parts of their own, one may be left out of sight; the next run puts it
// back, and so does the next gateway that starts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/store/archive_file.h"
#include "lib/store/archive_stock.h"
#include "lib/store/holds.h"
#include "lib/store/month.h"

namespace fiscalgate::store {

struct ArchivedMonth {
  Month month = 0;
  std::string path;
  ArchiveContent content;
  std::int64_t removed = 0;  // tasks that are no longer in the store
  std::int64_t changed = 0;  // tasks that have changed meanwhile, and stay
};

enum class ArchiveStep {
  kWriting,   // some tasks more
  kWritten,   // the file is whole and has its name
  kClaimed,   // nobody can place a hold on it any more
  kOut,       // the parts of the month are out of sight
  kCompared,  // and are as they were written
  kRemoving,  // some tasks less
};

class Archive {
 public:
  // To look only: changes nothing. Errors: those of opening; kInvalid: the tables are of another
  // version.
  static Result<Archive> Look(const std::string& url);
  // Takes the turn, and puts back what a run that was killed has left out of sight. Errors: the
  // same; kConflict: another run goes on.
  static Result<Archive> Open(const std::string& url);

  // Called from Take, by its thread; `tasks`: how many by now.
  using Watch = std::function<void(ArchiveStep step, std::int64_t tasks)>;
  void OnStep(Watch watch);

  // The months before that one with tasks in them, the oldest first.
  Result<std::vector<MonthStock>> StockBefore(Month before);
  // Those that a run which was killed has left out of sight.
  Result<std::vector<Month>> LeftOut();
  // Not after Look. Errors: kConflict: it may not go (any more); those of files and of the engine.
  // Then a file is left only if it may be the last place of something.
  Result<ArchivedMonth> Take(Month month, const std::string& folder, const std::string& who,
                             WallTime now);

 private:
  struct Written;
  struct Inside;  // the engine; not for those who include this
  class Run;      // of one month
  explicit Archive(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
  static Result<std::shared_ptr<Inside>> Connect(const std::string& url, bool to_look);
  Status SweepLeft();
  std::shared_ptr<Inside> inside_;
};

}  // namespace fiscalgate::store
