// The nouns of `fiscalgate admin`, a file each.
#pragma once

#include <memory>
#include <string>

#include "lib/task/task.h"

namespace CLI {
class App;
}

namespace fiscalgate::admin {

class Desk;
using DeskPtr = std::shared_ptr<Desk>;

void AddShopCommands(CLI::App& admin, const DeskPtr& desk);      // add list show set rotate ...
void AddRegisterCommands(CLI::App& admin, const DeskPtr& desk);  // add list show set link ...
void AddGroupCommands(CLI::App& admin, const DeskPtr& desk);     // add list show set link ...
void AddTaskCommands(CLI::App& admin, const DeskPtr& desk);      // list show cancel retry settle
void AddCallbackCommands(CLI::App& admin, const DeskPtr& desk);  // list show replay
void AddCourierCommands(CLI::App& admin, const DeskPtr& desk);   // add list password goods ...
void AddKeyCommands(CLI::App& admin, const DeskPtr& desk);       // create
void AddProviderCommands(CLI::App& admin, const DeskPtr& desk);  // list show
void AddUpkeepCommands(CLI::App& admin, const DeskPtr& desk);    // migrate copy
void AddBackupCommands(CLI::App& admin, const DeskPtr& desk);    // backup restore
void AddDoctorCommand(CLI::App& admin, const DeskPtr& desk);     // --certificate FILE
void AddArchiveCommands(CLI::App& admin, const DeskPtr& desk);   // archive, hold
void AddValidateCommand(CLI::App& admin, const DeskPtr& desk);   // FILE

// One verb of a shop each.
void AddRouteCommand(CLI::App* noun, const DeskPtr& desk);
void AddBitrix24Command(CLI::App* noun, const DeskPtr& desk);
// One verb of a register: a command of the gateway's own, before all that is queued there.
void AddServiceCommand(CLI::App* noun, const DeskPtr& desk, const std::string& name,
                       const std::string& what, task::Service service);

}  // namespace fiscalgate::admin
