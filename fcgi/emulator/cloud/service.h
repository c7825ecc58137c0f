// One emulated cloud service: what it answers to which path, and how its documents are read. All
// functions but Stop and AddControl are called with the cloud's mutex held, on request threads.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/emulator/cloud/cloud.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/ffd/receipt.h"
#include "lib/http/message.h"

namespace fiscalgate {
class Router;
}

namespace fiscalgate::emulator::cloud {

// A line of the page: what the service does, and whose word that is.
struct Choice {
  std::string_view behaviour;
  std::string_view source;  // "documented", "client", "inferred", "chosen"
};

// The faults of transport, which every service has, and these.
std::vector<FaultKind> FaultKinds(std::initializer_list<Fault> own);

// A call that the service answers.
struct Call {
  std::string method;
  std::string pattern;  // as Router::Add
  std::string step;     // what a fault may be bound to: "token", "register", "status"...
  std::function<http::Response(const http::Request&)> answer;
};

class Service {
 public:
  virtual ~Service() = default;
  virtual std::string_view title() const = 0;  // of the page
  virtual std::span<const FaultKind> faults() const = 0;
  virtual std::span<const Choice> choices() const = 0;
  // Once, before the first request. The service outlives the calls.
  virtual std::vector<Call> Calls() = 0;

  // The document of a record that is to be printed. Errors: kInvalid in the service's words: it
  // ends in error.
  virtual base::Result<ffd::Receipt> ReceiptOf(const Record& record) const = 0;
  // Further members of the record in /emulator/documents and /emulator/records.
  virtual void Describe(const Record&, base::JsonWriter*) const {}
  // What a register of this service must have confirmed to be able to say everything the emulator
  // understands: the overlay of a mapping.
  virtual std::string mapping() const { return "{}"; }
  // What a fault answers instead of the service: a refusal with 500 or 503.
  virtual http::Response Refusal(int status, std::string_view words) const = 0;
  // Control calls of its own, which no fault strikes. They take the mutex themselves.
  virtual void AddControl(Router*) {}
  // No thread of the service runs any more when it returns. Without the mutex.
  virtual void Stop() {}
};

enum class Stage { kProcessing, kPrinted, kFailed, kExpired, kNothing };
std::string_view StageName(Stage stage);  // "printed"

// Processes the record if its time has come, and tells where it stands. Errors: kInternal, nothing
// is known then. The caller holds the mutex.
base::Result<Stage> Settle(Cloud& cloud, const Service& service, const std::string& key);
// All of them, in the order they were registered.
base::Status SettleAll(Cloud& cloud, const Service& service);
// What was printed for the record in its last round, or nullptr.
const register_::Printed* PrintedOf(const Cloud& cloud, const Record& record);

}  // namespace fiscalgate::emulator::cloud
