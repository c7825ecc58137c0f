#include "lib/callback/relay.h"

#include <random>
#include <thread>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/log.h"
#include "lib/callback/engine.h"

namespace fiscalgate::callback {
namespace {

std::function<double()> Uniform() {
  return [engine = std::mt19937(std::random_device{}()),
          spread = std::uniform_real_distribution<double>(0.0, 1.0)]() mutable {
    return spread(engine);
  };
}

}  // namespace

class Relay::Impl {
 public:
  Impl(Engine::Surroundings surroundings, Options options)
      : clock_(surroundings.clock), engine_(std::move(surroundings), std::move(options)) {}
  ~Impl() { Stop(); }

  void Start() {
    FG_CHECK(!thread_.joinable());
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() {
    engine_.mailbox().AskStop();
    if (thread_.joinable()) thread_.join();
    engine_.mailbox().Close();
  }

  Engine& engine() { return engine_; }

 private:
  void Run() {
    for (;;) {
      const auto next = engine_.Turn();
      if (engine_.finished()) break;
      std::optional<base::Milliseconds> pause;
      if (next) pause = std::max(*next - clock_.Mono(), base::Milliseconds(0));
      engine_.mailbox().Wait(pause);
    }
    if (const std::size_t left = engine_.in_flight(); left > 0) {
      log::Warn("stopped_with_deliveries_running", {{"deliveries", left}});
    }
  }

  const base::Clock& clock_;
  Engine engine_;
  std::thread thread_;
};

Relay::Relay(store::Store& store, http::Sender& sender, const base::Clock& clock,
             std::function<task::DirectoryPtr()> directory,
             std::function<void(task::TaskSeq)> on_change, Options options)
    : impl_(std::make_unique<Impl>(Engine::Surroundings{store, sender, clock, std::move(directory),
                                                        std::move(on_change), Uniform()},
                                   std::move(options))) {}

Relay::~Relay() = default;

void Relay::Start() { impl_->Start(); }
void Relay::Stop() { impl_->Stop(); }
void Relay::Notify(task::ShopKey shop) { impl_->engine().mailbox().Ring(shop); }
void Relay::Rescan() { impl_->engine().mailbox().AskRescan(); }
Counters Relay::counters() const { return impl_->engine().counters(); }

}  // namespace fiscalgate::callback
