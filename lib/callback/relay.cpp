#include "lib/callback/relay.h"

#include <utility>

#include "lib/base/log.h"
#include "lib/base/turn_thread.h"
#include "lib/base/uniform.h"
#include "lib/callback/engine.h"

namespace fiscalgate::callback {

class Relay::Impl {
 public:
  Impl(Engine::Surroundings surroundings, Options options)
      : engine_(std::move(surroundings), std::move(options)),
        thread_(engine_, engine_.clock(), [](std::size_t left) {
          log::Warn("stopped_with_deliveries_running", {{"deliveries", left}});
        }) {}

  void Start() { thread_.Start(); }
  void Stop() { thread_.Stop(); }

  Engine& engine() { return engine_; }

 private:
  Engine engine_;
  base::TurnThread<Engine> thread_;
};

Relay::Relay(store::Store& store, http::Sender& sender, const base::Clock& clock,
             std::function<task::DirectoryPtr()> directory,
             std::function<void(task::TaskSeq)> on_change, Options options)
    : impl_(std::make_unique<Impl>(Engine::Surroundings{store, sender, clock, std::move(directory),
                                                        std::move(on_change), base::Uniform()},
                                   std::move(options))) {}

Relay::~Relay() = default;

void Relay::Start() { impl_->Start(); }
void Relay::Stop() { impl_->Stop(); }
void Relay::Notify(task::ShopKey shop) { impl_->engine().mailbox().Ring(shop); }
void Relay::Rescan() { impl_->engine().mailbox().AskRescan(); }
Counters Relay::counters() const { return impl_->engine().counters(); }

}  // namespace fiscalgate::callback
