// Whether the service of one register is worth a request. Pure; the engine's thread.
//
// closed: all may go. After kTroublesToOpen service troubles in a row it opens: nothing goes until
// its pause is over, then one request goes as a probe. A request that works closes it; a probe that
// does not begins a longer pause: 1 s to 60 s, +-20 %.
#pragma once

#include "lib/base/clock.h"

namespace fiscalgate::dispatch {

class TalkBreaker {
 public:
  bool closed() const { return openings_ == 0; }
  // The next request may go. With an open breaker it is the probe: tell Probe.
  bool Permits(base::MonoTime now) const { return closed() || (!probing_ && now >= until_); }
  void Probe() { probing_ = true; }
  // The probe ended and told nothing; another may go.
  void Forget() { probing_ = false; }

  // True: it was open.
  bool Worked();
  // `probe`: of the request that was one. True: it has just opened.
  bool Trouble(bool probe, base::MonoTime now, double random);
  // All requests would meet it (a log-in failed): opens, or begins a longer pause.
  void Open(base::MonoTime now, double random);
  // There is reason to think that the service is back.
  void AllowProbe(base::MonoTime now);

  base::MonoTime until() const { return until_; }

 private:
  int troubles_ = 0;  // in a row
  int openings_ = 0;  // in a row; 0 = closed
  bool probing_ = false;
  base::MonoTime until_{};
};

}  // namespace fiscalgate::dispatch
