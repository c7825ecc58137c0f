// The session that all conversations of one register share, and when another is fetched. Pure; the
// engine's thread.
//
// One log-in is in flight at most. A session is renewed ahead of its end, while it still serves.
// One whose token was refused serves no more; a refusal under an older session says nothing of the
// present one. Where renewing is refused, it is tried once from scratch; a log-in that fails after
// that is tried again with growing pauses.
#pragma once

#include <cstdint>
#include <optional>

#include "lib/protocol/cloud.h"

namespace fiscalgate::dispatch {

class TalkSession {
 public:
  // Null: there is none that serves.
  const protocol::Session* Serving(base::WallTime now) const;
  std::uint64_t generation() const { return generation_; }
  bool failing() const { return failures_ > 0; }

  bool WantsLogIn(base::WallTime now, base::MonoTime mono) const;
  // When WantsLogIn may become true if nothing else happens.
  std::optional<base::MonoTime> WakeAt(base::WallTime now, base::MonoTime mono) const;
  // A log-in begins under this ticket. What to renew by; null: from scratch.
  const protocol::Session* Begin(std::uint64_t ticket);
  // The log-in of that ticket has ended; false: it is not the one in flight.
  bool End(std::uint64_t ticket);
  void Take(protocol::Session session);
  // True: renewing was refused, from scratch is to be tried at once.
  bool Fail(const http::Answer& answer, const protocol::LogIn& log_in, base::MonoTime mono,
            double random);
  // The token of that generation was refused by the service.
  void Refused(std::uint64_t generation);

 private:
  bool IsTimeToRenew(base::WallTime now) const;

  std::optional<protocol::Session> session_;
  std::uint64_t generation_ = 0;  // counts sessions
  bool refused_ = false;          // the present one was
  bool from_scratch_ = false;     // the next log-in is
  bool renewing_ = false;         // the one in flight goes by the present session
  std::uint64_t ticket_ = 0;      // of the log-in in flight; 0: none
  int failures_ = 0;
  base::MonoTime retry_at_{};
};

}  // namespace fiscalgate::dispatch
