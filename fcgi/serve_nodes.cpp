#include "fcgi/serve_nodes.h"

#include <unistd.h>

#include <climits>

#include "fcgi/version.h"

namespace fiscalgate {
namespace {

std::string HostName() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "?";
}

}  // namespace

void NodeService::Open(store::Store& store, const std::string& socket, Parts parts) {
  if (store.nodes() == nullptr) return;
  const bool has_path = socket.find('/') != std::string::npos;
  auto directory = parts.directory;
  agents::Switchboard* const switchboard = &parts.agents.switchboard();
  node_ = std::make_unique<cluster::Node>(cluster::Node::Parts{
      *store.nodes(), clock_, std::move(directory), Listener(std::move(parts)), HostName(),
      FISCALGATE_VERSION, has_path ? socket + ".node" : "",
      [switchboard](task::RegisterKey lane) { return switchboard->Waits(lane); }});
}

cluster::Listener NodeService::Listener(Parts parts) const {
  cluster::Listener listener;
  listener.lanes = [parts](const cluster::LanesMoved& moved) {
    for (const task::RegisterKey lane : moved.taken) parts.agents.switchboard().Resync(lane);
    parts.dispatcher().Take(moved);
    parts.clouds.conversations().Take(moved);
  };
  listener.accepted = [parts](task::RegisterKey lane) {
    // Another node may have been slow to commit a task that stands before those seen here.
    parts.dispatcher().NotifyOlder(lane);
    parts.clouds.conversations().Notify(lane);
  };
  listener.event = [parts](const store::EventRow& event) {
    parts.waiters.Wake(Waiters::OfTask(event.task));
    parts.waiters.Wake(Waiters::OfShop(event.shop));
    parts.relay().Notify(event.shop);
    parts.dispatcher().Take(dispatch::TaskChanged{event.task});
  };
  listener.shares = [parts] { parts.relay().Rescan(); };
  return listener;
}

void NodeService::Start() {
  if (node_ != nullptr) node_->Start();
}

void NodeService::Stop() {
  if (node_ != nullptr) node_->Stop();
}

std::function<std::int64_t()> NodeService::CompleteEvents() const {
  if (node_ == nullptr) return {};
  return [node = node_.get()] { return node->CompleteEvents(); };
}

void NodeService::Want(task::RegisterKey lane) {
  if (node_ != nullptr) node_->Want(lane);
}

void NodeService::Ring(task::RegisterKey lane) {
  if (node_ != nullptr) node_->Ring(lane);
}

std::pair<std::size_t, std::size_t> NodeService::size() const {
  return node_ == nullptr ? std::pair<std::size_t, std::size_t>{} : node_->size();
}

}  // namespace fiscalgate
