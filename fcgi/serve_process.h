// What the gateway asks of the system as a process. Main thread, before any other is started.
#pragma once

#include <csignal>

namespace fiscalgate {

// Thousands of long polls and transfers need a descriptor each. What is refused is logged.
void RaiseDescriptorLimit();
// In every thread from now on; libraries start threads too. Gives the signals to wait for.
sigset_t BlockSignals();
// systemd compares the moment with its own clock to know that the reload it asked for is meant.
void SayReloading();

}  // namespace fiscalgate
