// The control calls of emulated cloud services: what tests and people look at and change. Each is a
// function from a request to a response; they run on request threads and take the cloud's mutex.
#pragma once

#include <string>
#include <vector>

#include "fcgi/emulator/cloud/service.h"

namespace fiscalgate::emulator::cloud {

http::Response ShowStatus(const Service& service, Cloud& cloud);
// Every receipt that was printed, with what it was asked under.
// ?text=0 leaves the papers out.
http::Response ShowDocuments(const http::Request& request, const Service& service, Cloud& cloud);
// Everything that was registered, whatever has become of it.
http::Response ShowRecords(const Service& service, Cloud& cloud);
http::Response ChangeSettings(const http::Request& request, const Service& service, Cloud& cloud);
http::Response AdvanceClock(const http::Request& request, const Service& service, Cloud& cloud);
http::Response ShowPage(const Service& service, Cloud& cloud);

}  // namespace fiscalgate::emulator::cloud
