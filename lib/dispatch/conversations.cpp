#include "lib/dispatch/conversations.h"

#include <utility>

#include "lib/base/log.h"
#include "lib/base/turn_thread.h"
#include "lib/base/uniform.h"
#include "lib/dispatch/talk_engine.h"

namespace fiscalgate::dispatch {

class Conversations::Impl {
 public:
  Impl(TalkEngine::Surroundings surroundings, TalkOptions options)
      : engine_(std::move(surroundings), std::move(options)),
        thread_(engine_, engine_.clock(), [](std::size_t left) {
          log::Info("stopped_with_conversations_in_flight", {{"conversations", left}});
        }) {}

  void Start() { thread_.Start(); }
  void Stop() { thread_.Stop(); }
  TalkEngine& engine() { return engine_; }

 private:
  TalkEngine engine_;
  base::TurnThread<TalkEngine> thread_;
};

Conversations::Conversations(store::Store& store, http::Sender& sender, const base::Clock& clock,
                             const protocol::CloudAccounts& accounts,
                             std::function<task::DirectoryPtr()> directory,
                             std::function<void(const task::Task&)> on_change, TalkOptions options)
    : impl_(std::make_unique<Impl>(
          TalkEngine::Surroundings{store, sender, clock, accounts, std::move(directory),
                                   std::move(on_change), base::Uniform()},
          std::move(options))) {}

Conversations::~Conversations() = default;

void Conversations::Start() { impl_->Start(); }
void Conversations::Stop() { impl_->Stop(); }
void Conversations::Notify(task::RegisterKey lane) { impl_->engine().mailbox().Ring(lane); }
void Conversations::Nudge(task::RegisterKey lane, task::TaskSeq seq) {
  impl_->engine().mailbox().Put(TalkNudge{lane, seq});
}
void Conversations::Take(cluster::LanesMoved news) {
  impl_->engine().mailbox().Put(std::move(news));
}
void Conversations::Rescan() { impl_->engine().mailbox().AskRescan(); }
TalkCounters Conversations::counters() const { return impl_->engine().counters(); }
std::vector<TalkHealth> Conversations::health() const { return impl_->engine().health(); }

}  // namespace fiscalgate::dispatch
