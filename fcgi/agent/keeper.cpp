#include "fcgi/agent/keeper.h"

#include <algorithm>
#include <chrono>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {

using platform::AwakeMs;

std::size_t Keeper::Add(std::string name, platform::Route route, std::string key, Driver* driver) {
  auto ward = std::make_unique<Ward>();
  ward->name = std::move(name);
  ward->route = std::move(route);
  ward->key = std::move(key);
  ward->driver = driver;
  wards_.push_back(std::move(ward));
  return wards_.size() - 1;
}

void Keeper::Start() { thread_ = std::thread(&Keeper::Run, this); }

void Keeper::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (calling_ != nullptr) calling_->Cancel();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Keeper::Hold(std::size_t number, const std::string& instance, const std::string& lease) {
  {
    const std::lock_guard lock(mutex_);
    Ward& ward = *wards_[number];
    ward.instance = instance;
    ward.lease = lease;
    ward.renew_at = AwakeMs() + renew_ms_;
  }
  changed_.notify_all();
}

void Keeper::Release(std::size_t number) {
  {
    const std::lock_guard lock(mutex_);
    wards_[number]->lease.clear();
  }
  changed_.notify_all();
}

Keeper::Duty Keeper::Next() {
  Duty next;
  const auto offer = [&](Ward* ward, bool renew, std::int64_t at) {
    if (next.ward == nullptr || at < next.at) next = {ward, renew, at};
  };
  for (const auto& ward : wards_) {
    if (ward->lease.empty()) {
      ward->gateway.reset();
      offer(ward.get(), false, ward->probe_at);
    } else {
      offer(ward.get(), true, ward->renew_at);  // the driver is being spoken to: no probe
    }
  }
  return next;
}

void Keeper::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Duty duty = Next();
    const std::int64_t wait = duty.ward == nullptr ? probe_ms_ : duty.at - AwakeMs();
    if (wait > 0) {
      // The clock of the wait may stand still while the PC sleeps: look again every minute.
      changed_.wait_for(lock, std::chrono::milliseconds(std::min<std::int64_t>(wait, 60'000)));
    } else if (duty.renew) {
      Renew(duty.ward, &lock);
    } else {
      Probe(duty.ward, &lock);
    }
  }
}

void Keeper::Renew(Ward* ward, std::unique_lock<std::mutex>* lock) {
  ward->renew_at = AwakeMs() + renew_ms_;
  if (ward->gateway == nullptr) ward->gateway = std::make_unique<Gateway>(ward->route, ward->key);
  calling_ = ward->gateway.get();
  const std::string instance = ward->instance, lease = ward->lease;
  lock->unlock();
  const Response response = ward->gateway->Renew(instance, lease);
  if (response.verdict != Verdict::kOk && response.verdict != Verdict::kCancelled) {
    log_.Write(Level::kWarning, ward->name,
               Tr("аренда не продлена: ", "the lease is not renewed: ") + Advice(response));
  }
  lock->lock();
  calling_ = nullptr;
}

void Keeper::Probe(Ward* ward, std::unique_lock<std::mutex>* lock) {
  ward->probe_at = AwakeMs() + probe_ms_;
  lock->unlock();
  const DriverState before = ward->driver->state();
  std::string error;
  const bool reached = ward->driver->Probe(&error);
  if (reached && before != DriverState::kOk) {
    log_.Write(Level::kInfo, ward->name, Tr("драйвер кассы отвечает", "the driver is there"));
  } else if (!reached && before != DriverState::kUnreachable) {
    log_.Write(Level::kWarning, ward->name,
               Tr("нет связи с драйвером кассы: запущен ли он? ",
                  "cannot reach the driver: is it running? ") +
                   ward->driver->address().Text() + ": " + error);
  }
  lock->lock();
}

}  // namespace fiscalgate::agent
