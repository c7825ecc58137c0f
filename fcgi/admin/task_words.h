// Tasks and callbacks as shown, and what is typed about them. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/store/store.h"

namespace fiscalgate::admin {

// Errors: kInvalid: lists the states there are.
base::Result<std::optional<task::State>> ReadState(const std::string& name);
base::Result<std::optional<store::CallbackState>> ReadCallbackState(const std::string& name);

// The mark of a receipt that a person holds in hand.
struct MarkOptions {
  std::string fn, fpd, time, total, register_number;
  std::int64_t fd = 0, shift = 0, receipt_number = 0;
};
// Empty if nothing of it was given. Errors: kInvalid: what is missing or wrong.
base::Result<std::optional<ffd::FiscalMark>> ReadMark(const MarkOptions& options);

void WriteTask(const task::Task& task, const task::Directory& directory, base::JsonWriter* writer);
std::string TaskTable(const std::vector<task::Task>& tasks, const task::Directory& directory);

struct ShownTask {
  const store::TaskView& view;
  std::string behind;    // id of the task it waits for, or empty
  bool package = false;  // show what the shop posted: it holds the buyer's contact
};
void WriteTaskView(const ShownTask& shown, const task::Directory& directory,
                   base::JsonWriter* writer);
std::string TaskSheet(const ShownTask& shown, const task::Directory& directory);

void WriteCallback(const store::Callback& callback, const task::Directory& directory,
                   bool with_body, base::JsonWriter* writer);
std::string CallbackTable(const std::vector<store::Callback>& callbacks,
                          const task::Directory& directory);
std::string CallbackSheet(const store::Callback& callback, const task::Directory& directory);

}  // namespace fiscalgate::admin
