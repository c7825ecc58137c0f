#include "fcgi/emulator/device.h"

namespace fiscalgate::emulator {

base::Result<std::unique_ptr<Device>> Device::Open(const std::string& folder,
                                                   const base::Clock& clock) {
  auto device = std::make_unique<Device>(clock);
  auto kkt = register_::VirtualRegister::Open(folder, device->clock);
  if (!kkt) return kkt.error();
  auto terminal = register_::VirtualTerminal::Open(folder, device->clock);
  if (!terminal) return terminal.error();
  device->kkt = std::move(kkt).value();
  device->terminal = std::move(terminal).value();
  device->driver =
      std::make_unique<Driver>(*device->kkt, *device->terminal, device->faults, device->marks);
  return device;
}

}  // namespace fiscalgate::emulator
