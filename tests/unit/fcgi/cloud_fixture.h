// The gateway of gateway_fixture.h with a second register "cloud" at a fake provider, for the
// shop; its token is "cloud-token".
#pragma once

#include "fcgi/cloud_window.h"
#include "tests/unit/fcgi/gateway_fixture.h"
#include "tests/unit/support/fake_cloud.h"

namespace fiscalgate::testing {

struct CloudGatewayFixture : GatewayFixture {
  CloudGatewayFixture() {
    task::Register r;
    r.name = "cloud";
    r.provider = "orangedata";
    r.kkt_token = base::Secret("cloud-token");
    r.settings = {{"inn", "7725327863"}};
    r.secrets = {{"key", base::Secret("hidden words")}};
    r.shops = {shop};
    cloud_lane = store.AddRegister(r).value();
    directory.Poll();
  }
  void ChangeCloud(const std::function<void(task::Register&)>& change) {
    task::Register changed = *directory.Current()->FindRegister(cloud_lane);
    change(changed);
    FG_CHECK(store.UpdateRegister(changed).ok());
    directory.Poll();
  }
  // What the shop posts for the register with a driver goes to the cloud.
  void Route() {
    ChangeShop([&](task::Shop& changed) { changed.routes = {{lane, cloud_lane}}; });
  }
  Reception::Parts Parts() {
    return {store,
            clock,
            directory,
            rate_limiter,
            disk,
            waiters,
            intake,
            metrics,
            links,
            [this](task::RegisterKey key) { notified.push_back(key); },
            base::JsonReader::kSimdjson,
            outlook,
            cloud};
  }
  http::Response Post(const std::string& order, const std::string& token = "cloud-token",
                      std::string data = kReceipt) {
    auto form = Form(order, std::move(data));
    form.kkt_token = token;
    return Ask(create_in_cloud, Signed(form));
  }
  std::string AcceptInCloud(const std::string& order) {
    const http::Response response = Post(order);
    FG_CHECK(response.status == 202);
    return std::string(base::ParseJson(response.body)->root().FindText("id"));
  }
  // As an attempt that is under way.
  void Begin(const std::string& id) {
    store::DispatchBatch begin;
    begin.claims.push_back({store.FindTask(id).value()->task.seq, task::State::kQueued,
                            task::AttemptKind::kSend, "lease", "https://cloud.example",
                            clock.Now()});
    FG_CHECK(store.Apply(begin).value().claims.at(0));
  }

  // With the notes of a conversation.
  void FailInCloud(const std::string& id) {
    const task::TaskSeq seq = store.FindTask(id).value()->task.seq;
    store::CloudBatch batch;
    batch.begins.push_back({seq, "lease", "https://cloud.example", clock.Now()});
    store::CloudEnd end;
    end.notes = "{}";
    end.conclusion.seq = seq;
    end.conclusion.lease = "lease";
    end.conclusion.outcome = {task::State::kFailed, "paper <out>", {}};
    end.conclusion.at = clock.Now();
    batch.ends.push_back(end);
    FG_CHECK(store.Apply(batch).value().ends.at(0));
  }

  const std::shared_ptr<FakeCloudProvider> provider = std::make_shared<FakeCloudProvider>();
  FakeCloudWill& will = *provider->will;
  task::RegisterKey cloud_lane = 0;
  const CloudWindowPtr cloud = std::make_shared<const CloudWindow>(
      std::make_shared<const protocol::CloudAccounts>(
          std::vector<std::shared_ptr<const protocol::CloudProvider>>{provider}),
      [this] { return directory.Current(); });
  CreateReceipt create_in_cloud{Parts()};
};

}  // namespace fiscalgate::testing
