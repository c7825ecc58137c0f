// One thread for all registers: renews the lease of a request while its driver works, and looks now
// and then whether a driver is there at all. Hold and Release: any thread; a register has at most
// one lease held. A renewal that fails is tried again at its next turn: the answer will tell.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fcgi/agent/driver.h"
#include "fcgi/agent/gateway.h"
#include "fcgi/agent/log.h"

namespace fiscalgate::agent {

class Keeper {
 public:
  Keeper(Log& log, std::int64_t renew_ms, std::int64_t probe_ms)
      : log_(log), renew_ms_(renew_ms), probe_ms_(probe_ms) {}
  ~Keeper() { Stop(); }

  // Before Start. Gives the number of the register.
  std::size_t Add(std::string name, platform::Route route, std::string key, Driver* driver);
  void Start();
  void Stop();

  void Hold(std::size_t number, const std::string& instance, const std::string& lease);
  void Release(std::size_t number);

 private:
  struct Ward {
    std::string name;
    platform::Route route;
    std::string key;
    Driver* driver = nullptr;
    std::string instance, lease;
    std::int64_t renew_at = 0, probe_at = 0;
    std::unique_ptr<Gateway> gateway;  // only this thread; there while a lease is held
  };
  struct Duty {
    Ward* ward = nullptr;
    bool renew = false;
    std::int64_t at = 0;
  };

  void Run();
  Duty Next();
  void Renew(Ward* ward, std::unique_lock<std::mutex>* lock);
  void Probe(Ward* ward, std::unique_lock<std::mutex>* lock);

  Log& log_;
  const std::int64_t renew_ms_;
  const std::int64_t probe_ms_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Ward>> wards_;
  Gateway* calling_ = nullptr;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fiscalgate::agent
