// Notifications to shops: signed, posted, repeated with growing pauses until the shop says 2xx.
// Forgotten when the emulator ends. Any thread; it sends in Turn.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/rsa.h"
#include "lib/http/sender.h"

namespace fiscalgate::emulator::begateway {

struct Notification {
  std::string uid;  // of the transaction
  std::string url;
  std::string body;
  bool spoiled = false;  // the first try carries a wrong signature and a wrong password
};

// A try that is over, for those who look.
struct Tried {
  std::string uid, url;
  int attempt = 1;
  bool spoiled = false;
  int status = 0;  // 0: no answer
  std::string error;
};

class Notifier {
 public:
  static constexpr int kMaxAttempts = 6;

  // The sender must be gone, or silent, before this is. `ring` is called when there is something
  // for Turn; it must only hand that on.
  Notifier(http::Sender& sender, const base::Clock& clock, base::RsaPrivateKey key,
           std::string shop_id, base::Secret secret_key, std::function<void()> ring);
  // `first_pause` is before the second try; each later one is twice as long.
  void Add(Notification notification, base::Milliseconds delay, base::Milliseconds first_pause);
  // Sends what is due. When to come again; empty = nothing waits for its time.
  std::optional<base::MonoTime> Turn();
  // The newest last, at most kMaxTried.
  std::vector<Tried> tried() const;
  // DER, SubjectPublicKeyInfo
  std::string PublicKey() const { return key_.PublicDer(); }

 private:
  struct Job {
    Notification notification;
    base::Milliseconds pause;
    int attempt = 1;
  };
  http::Request RequestOf(const Job& job) const;
  void Send(Job job);
  void Done(Job job, const http::Answer& answer);

  http::Sender& sender_;
  const base::Clock& clock_;
  const base::RsaPrivateKey key_;
  const std::string shop_id_;
  const base::Secret secret_key_;
  const std::function<void()> ring_;
  mutable std::mutex mutex_;
  std::multimap<base::MonoTime, Job> jobs_;
  std::vector<Tried> tried_;
};

}  // namespace fiscalgate::emulator::begateway
