// The nouns of `fiscalgate admin`, a file each.
#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace fiscalgate::admin {

class Desk;
using DeskPtr = std::shared_ptr<Desk>;

void AddShopCommands(CLI::App& admin, const DeskPtr& desk);      // add list show set rotate ...
void AddRegisterCommands(CLI::App& admin, const DeskPtr& desk);  // add list show set link ...
void AddTaskCommands(CLI::App& admin, const DeskPtr& desk);      // list show cancel retry settle
void AddCallbackCommands(CLI::App& admin, const DeskPtr& desk);  // list show replay
void AddKeyCommands(CLI::App& admin, const DeskPtr& desk);       // create
void AddValidateCommand(CLI::App& admin, const DeskPtr& desk);   // FILE

}  // namespace fiscalgate::admin
