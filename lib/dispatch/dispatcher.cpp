#include "lib/dispatch/dispatcher.h"

#include <random>
#include <thread>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/log.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {
namespace {

std::function<double()> Uniform() {
  return [engine = std::mt19937(std::random_device{}()),
          spread = std::uniform_real_distribution<double>(0.0, 1.0)]() mutable {
    return spread(engine);
  };
}

}  // namespace

class Dispatcher::Impl {
 public:
  Impl(Engine::Surroundings surroundings, Options options)
      : clock_(surroundings.clock), engine_(std::move(surroundings), std::move(options)) {}
  ~Impl() { Stop(); }

  void Start() {
    FG_CHECK(!thread_.joinable());
    engine_.Recover();
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
      log::Warn("stopped_with_attempts_running", {{"attempts", left}});
    }
  }

  const base::Clock& clock_;
  Engine engine_;
  std::thread thread_;
};

Dispatcher::Dispatcher(store::Store& store, http::Sender& sender, const base::Clock& clock,
                       Providers providers, std::function<task::DirectoryPtr()> directory,
                       std::function<void(const task::Task&)> on_change, Options options)
    : impl_(std::make_unique<Impl>(
          Engine::Surroundings{store, sender, clock, std::move(providers), std::move(directory),
                               std::move(on_change), Uniform()},
          std::move(options))) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::Start() { impl_->Start(); }
void Dispatcher::Stop() { impl_->Stop(); }
void Dispatcher::Notify(task::RegisterKey lane) { impl_->engine().mailbox().Ring(lane); }
void Dispatcher::Rescan() { impl_->engine().mailbox().AskRescan(); }
Counters Dispatcher::counters() const { return impl_->engine().counters(); }

}  // namespace fiscalgate::dispatch
