#include "fcgi/emulator/cloud/routes.h"

#include <algorithm>

#include "fcgi/emulator/cloud/control.h"
#include "fcgi/emulator/cloud/endpoint.h"
#include "fcgi/emulator/control.h"
#include "fcgi/error_reply.h"

namespace fiscalgate::emulator::cloud {
namespace {

using Request = const http::Request&;

void AddControl(Router* router, std::string_view method, std::string_view path,
                ControlEndpoint::Answer answer) {
  router->Add(method, path, std::make_shared<ControlEndpoint>(std::move(answer)));
}

void AddFaultControl(Router* router, const Service& service, Cloud& cloud,
                     std::vector<std::string> steps) {
  // The seed is set after the cloud was opened.
  const auto desk = [&service, &cloud,
                     names = std::make_shared<std::vector<std::string>>(std::move(steps))] {
    return FaultDesk{cloud.faults, cloud.parking, service.faults(), cloud.seed, *names};
  };
  constexpr std::string_view kPath = "/emulator/faults";
  AddControl(router, "GET", kPath, [desk](Request) { return ListFaults(desk()); });
  AddControl(router, "POST", kPath, [desk](Request r) { return AddFault(r, desk()); });
  AddControl(router, "DELETE", kPath, [desk](Request) { return ClearFaults(desk()); });
}

void AddViews(Router* router, const Service& service, Cloud& cloud) {
  const auto page = [&](Request) { return ShowPage(service, cloud); };
  AddControl(router, "GET", "/emulator", page);
  AddControl(router, "GET", "/emulator/", page);
  AddControl(router, "GET", "/emulator/status",
             [&](Request) { return ShowStatus(service, cloud); });
  AddControl(router, "GET", "/emulator/documents",
             [&](Request r) { return ShowDocuments(r, service, cloud); });
  AddControl(router, "GET", "/emulator/records",
             [&](Request) { return ShowRecords(service, cloud); });
  AddControl(router, "GET", "/emulator/mapping",
             [&](Request) { return JsonResponse(service.mapping()); });
  AddControl(router, "POST", "/emulator/settings",
             [&](Request r) { return ChangeSettings(r, service, cloud); });
  AddControl(router, "POST", "/emulator/clock",
             [&](Request r) { return AdvanceClock(r, service, cloud); });
}

}  // namespace

Router MakeRouter(Service& service, Cloud& cloud) {
  Router router;
  std::vector<std::string> steps;
  AddViews(&router, service, cloud);
  for (Call& call : service.Calls()) {
    if (std::find(steps.begin(), steps.end(), call.step) == steps.end()) {
      steps.push_back(call.step);
    }
    const std::string method = call.method, pattern = call.pattern;
    router.Add(method, pattern, std::make_shared<Endpoint>(std::move(call), service, cloud));
  }
  service.AddControl(&router);
  AddFaultControl(&router, service, cloud, std::move(steps));
  return router;
}

}  // namespace fiscalgate::emulator::cloud
