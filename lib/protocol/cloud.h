// A cloud register: a provider's service that takes a receipt, prints it some time later, and is
// asked until it has. One task is one conversation. It is kept in the task's notes, a text of the
// provider's own, which is stored BEFORE the request that depends on it leaves: whatever is lost
// after that (an answer, a connection, the gateway itself), the next move follows from the notes,
// and repeats a request under the same key or asks first.
//
// No I/O here: the account names the next move, the conversations engine (lib/dispatch) stores,
// sends and waits. Accounts and providers are immutable; any thread may call them.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/result.h"
#include "lib/ffd/fault.h"
#include "lib/http/message.h"
#include "lib/http/sender.h"
#include "lib/protocol/bit/front.h"
#include "lib/store/store.h"
#include "lib/task/device.h"
#include "lib/task/directory.h"

namespace fiscalgate::protocol {

// What all conversations of a register share, where a provider wants it: an access token. Kept in
// memory only.
struct Session {
  base::Secret access, refresh;
  base::WallTime renew_at;  // before its end: a new one is fetched while this one still serves
  base::WallTime ends_at;
};

struct Talk {
  const store::LaneHead& head;       // notes: as stored; number: the register's count, or 0
  const Session* session = nullptr;  // set if the account needs one
  base::WallTime now;
  int asks = 0;  // requests since the notes last changed: what pauses grow by
};

// Store the notes, then send. Sending is where nobody knows yet whether the provider has it;
// waiting is where it has said so. The guard is filled in by the engine.
struct Ask {
  http::Request request;
  http::SendOptions options;
  std::string notes;
  task::State state = task::State::kSending;  // or kWaiting
};
// Nothing to send now.
struct Later {
  std::string notes;
  task::State state = task::State::kSending;  // or kWaiting
  base::Milliseconds pause{0};
  std::string reason;  // for people; may be empty while all goes well
  // The trouble is the service's (it cannot be reached, is overloaded, refuses the account), not
  // this receipt's: other conversations of the register would meet it too.
  bool is_service_trouble = false;
};
// It is over. The notes stay with the task: an operator's retry begins from them.
struct Over {
  task::Outcome outcome;
  std::string notes;
};
// The session's token was refused: fetch another, then ask Next again. The engine does so at most
// once for one conversation and one request; then it is service trouble.
struct Renew {};
using Move = std::variant<Ask, Later, Over, Renew>;

// A request that belongs to no task: a log-in, a look at devices.
struct Query {
  http::Request request;
  http::SendOptions options;
};
struct LogIn {
  std::optional<Session> session;  // empty: refused or not understood
  std::string error;               // then: for people; no secrets
  std::optional<base::Milliseconds> retry_after;
};
struct Health {
  bool is_well = false;
  std::string text;  // for people
  task::DeviceNews news;
};

// What a notification is about.
struct Notice {
  enum class What { kNotGenuine, kNotUnderstood, kTask };
  What what = What::kNotUnderstood;
  std::string task_id;  // of kTask
};

// What the shop and its buyer may open before the receipt is there.
struct CloudLinks {
  std::string payment_url;  // the buyer has to go there to pay
  std::string receipt_url;  // will show the receipt; its text makes a QR code
};

// One register at a provider, its settings read.
class CloudAccount {
 public:
  virtual ~CloudAccount() = default;

  // Everything of an accepted package (ReadPackage found no fault) that this register cannot do or
  // be told, at once. What passes, Next can send.
  virtual ffd::Faults Check(const bit::ReadPackageResult& package) const = 0;
  // Whether a task gets the next number of the register's own count when it is accepted.
  virtual bool NeedsNumber() const { return false; }
  // `task` is as accepted: id, number, accepted_at, notes are set.
  virtual CloudLinks LinksOf(const task::Task& task, const task::Package& package) const = 0;

  // The next move by the notes alone: at the beginning, after a pause, after a restart, after a
  // renewal, on a notification, after an operator's retry (notes are those of Over).
  virtual Move Next(const Talk& talk) const = 0;
  // What follows from the answer, or its lack, to the request of the last Ask. `talk.head` has the
  // notes of that Ask.
  virtual Move OnAnswer(const Talk& talk, const http::Answer& answer) const = 0;

  // Log-in: only if NeedsSession. `last` may be renewed by its refresh token; null: from scratch.
  // After a refused refresh the engine tries once from scratch.
  virtual bool NeedsSession() const { return false; }
  virtual Query LogInQuery(const Session* last) const;
  virtual LogIn OnLogIn(const http::Answer& answer, base::WallTime now) const;

  // Asked now and then whether the service and its devices are well; empty: it cannot be asked.
  virtual std::optional<Query> HealthQuery(const Session* session) const;
  virtual Health OnHealth(const http::Answer& answer) const;

  // A request to /api/callback/{provider}/{register}.
  virtual Notice ReadNotice(const http::Request& request) const;
};

// A setting of a register at a provider, as an operator gives it.
struct CloudSetting {
  std::string_view name;  // "connector_token"
  bool is_secret = false;
  bool is_required = false;
  std::string_view standard;  // what holds if it is not given
  std::string_view help_ru, help_en;
};

class CloudProvider {
 public:
  virtual ~CloudProvider() = default;
  virtual std::string_view name() const = 0;  // task::Register::provider
  virtual std::span<const CloudSetting> Settings() const = 0;
  // Reads settings, secrets and mapping. Errors: kInvalid, kMalformed: which setting, what is
  // wrong; never quotes a secret.
  virtual base::Result<std::shared_ptr<const CloudAccount>> Open(
      const task::Register& register_) const = 0;
};

// What every provider is given.
struct CloudSurroundings {
  std::string public_url;  // of the gateway, for notifications; may be empty
};

// The pause before a conversation asks again: 2 s, 4 s, ... up to a minute, then 5 minutes.
base::Milliseconds AskAgainPause(int asks);

}  // namespace fiscalgate::protocol
