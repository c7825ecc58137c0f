#include "lib/dispatch/dispatcher.h"

#include <utility>

#include "lib/base/log.h"
#include "lib/base/turn_thread.h"
#include "lib/base/uniform.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {

class Dispatcher::Impl {
 public:
  Impl(Engine::Surroundings surroundings, Options options)
      : engine_(std::move(surroundings), std::move(options)),
        thread_(engine_, engine_.clock(), [](std::size_t left) {
          log::Warn("stopped_with_attempts_running", {{"attempts", left}});
        }) {}

  void Start() {
    engine_.Recover();
    thread_.Start();
  }
  void Stop() { thread_.Stop(); }

  Engine& engine() { return engine_; }

 private:
  Engine engine_;
  base::TurnThread<Engine> thread_;
};

Dispatcher::Dispatcher(store::Store& store, http::Sender& sender, const base::Clock& clock,
                       Providers providers, std::function<task::DirectoryPtr()> directory,
                       std::function<void(const task::Task&)> on_change, Options options)
    : impl_(std::make_unique<Impl>(
          Engine::Surroundings{store, sender, clock, std::move(providers), std::move(directory),
                               std::move(on_change), base::Uniform()},
          std::move(options))) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::Start() { impl_->Start(); }
void Dispatcher::Stop() { impl_->Stop(); }
void Dispatcher::Notify(task::RegisterKey lane) { impl_->engine().mailbox().Ring(lane); }
void Dispatcher::NotifyOlder(task::RegisterKey lane) {
  impl_->engine().mailbox().Put(OlderCame{lane});
}
void Dispatcher::Rescan() { impl_->engine().mailbox().AskRescan(); }
Counters Dispatcher::counters() const { return impl_->engine().counters(); }

void Dispatcher::Take(AgentAnswer answer) {
  impl_->engine().AgentSpoke(answer);
  impl_->engine().mailbox().Put(std::move(answer));
}
void Dispatcher::Take(AgentSynced news) { impl_->engine().mailbox().Put(std::move(news)); }
void Dispatcher::Take(AgentIsBack news) { impl_->engine().mailbox().Put(news); }
void Dispatcher::Take(NeverReceived news) { impl_->engine().mailbox().Put(std::move(news)); }
void Dispatcher::Take(cluster::LanesMoved news) { impl_->engine().mailbox().Put(std::move(news)); }
void Dispatcher::Take(TaskChanged news) { impl_->engine().mailbox().Put(news); }

}  // namespace fiscalgate::dispatch
