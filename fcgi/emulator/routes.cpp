#include "fcgi/emulator/routes.h"

#include "fcgi/emulator/control.h"

namespace fiscalgate::emulator {

Router MakeRouter(const Tokens& tokens, Device& device) {
  Router router;
  const auto control = [&router](std::string_view method, std::string_view path,
                                 ControlEndpoint::Answer answer) {
    router.Add(method, path, std::make_shared<ControlEndpoint>(std::move(answer)));
  };
  using Request = const http::Request&;
  control("GET", "/emulator", [&device](Request) { return ShowPage(device); });
  control("GET", "/emulator/", [&device](Request) { return ShowPage(device); });
  control("GET", "/emulator/status", [&device](Request) { return ShowStatus(device); });
  control("GET", "/emulator/journal", [&device](Request r) { return ShowJournal(r, device); });
  control("GET", "/emulator/slips", [&device](Request) { return ShowSlips(device); });
  control("GET", "/emulator/receipt/*", [&device](Request r) { return ShowReceipt(r, device); });
  // The seed is set after the device was opened.
  const auto desk = [&device] {
    return FaultDesk{device.faults, device.parking, AllFaults(), device.seed};
  };
  control("GET", "/emulator/faults", [desk](Request) { return ListFaults(desk()); });
  control("POST", "/emulator/faults", [desk](Request r) { return AddFault(r, desk()); });
  control("DELETE", "/emulator/faults", [desk](Request) { return ClearFaults(desk()); });
  control("POST", "/emulator/settings", [&device](Request r) { return ChangeSettings(r, device); });
  control("POST", "/emulator/clock", [&device](Request r) { return AdvanceClock(r, device); });

  const auto driver = std::make_shared<DriverEndpoint>(tokens, *device.driver, device.faults,
                                                       device.marks, device.parking);
  const auto preflight = std::make_shared<PreflightEndpoint>();
  for (const std::string_view path : {"/", "/*"}) {  // a driver does not look at the path
    router.Add("POST", path, driver);
    router.Add("OPTIONS", path, preflight);
  }
  return router;
}

}  // namespace fiscalgate::emulator
