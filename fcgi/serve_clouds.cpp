#include "fcgi/serve_clouds.h"

#include <utility>

#include "fcgi/cloud_providers.h"
#include "fcgi/handlers/provider_callback.h"

namespace fiscalgate {

CloudService::CloudService(const base::Clock& clock, const std::string& public_url)
    : clock_(clock),
      accounts_(std::make_shared<const protocol::CloudAccounts>(AllCloudProviders({public_url}))) {}

void CloudService::Open(store::Store& store, http::Sender& sender, DirectoryCache& directory,
                        std::function<void(const task::Task&)> on_change,
                        std::shared_ptr<dispatch::Outlook> outlook,
                        const cluster::Holdings* holdings) {
  store_ = &store;
  directory_ = &directory;
  const auto current = [&directory] { return directory.Current(); };
  window_ = std::make_shared<const CloudWindow>(accounts_, current);
  dispatch::TalkOptions options;
  options.outlook = std::move(outlook);
  options.holdings = holdings;
  conversations_ = std::make_unique<dispatch::Conversations>(
      store, sender, clock_, *accounts_, current, std::move(on_change), std::move(options));
}

void CloudService::AddRoutes(Router* router) {
  router->Add("POST", "/api/callback/*/*",
              std::make_shared<ProviderCallback>(ProviderCallback::Parts{
                  *accounts_, [this] { return directory_->Current(); },
                  [this](std::string_view id) { return store_->FindTask(id); },
                  [this](task::RegisterKey lane, task::TaskSeq seq) {
                    conversations_->Nudge(lane, seq);
                  }}));
}

}  // namespace fiscalgate
