// The emulator's table of paths.
#pragma once

#include "fcgi/emulator/device.h"
#include "fcgi/emulator/driver_endpoint.h"
#include "fcgi/router.h"

namespace fiscalgate::emulator {

// The device must outlive the router.
Router MakeRouter(const Tokens& tokens, Device& device);

}  // namespace fiscalgate::emulator
