// The table of paths of an emulated cloud service: its own calls, and those that control it.
#pragma once

#include "fcgi/emulator/cloud/service.h"
#include "fcgi/router.h"

namespace fiscalgate::emulator::cloud {

// Both must outlive the router.
Router MakeRouter(Service& service, Cloud& cloud);

}  // namespace fiscalgate::emulator::cloud
