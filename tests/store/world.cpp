#include "tests/store/world.h"

#include <cstdlib>
#include <filesystem>
#include <future>

#include "lib/base/id.h"
#include "tests/store/pooler.h"
#include "tests/store/postgres_server.h"
#include "tests/unit/support/memory_store.h"

namespace fiscalgate::store::testing {

using task::State;

namespace {

// One engine instead of the usual ones: "pooled", or one of them.
std::string OnlyEngine() {
  const char* only = std::getenv("FISCALGATE_TEST_ENGINE");
  return only == nullptr ? "" : only;
}

// Empty: in memory.
std::string NewStoreUrl(const std::string& engine, const std::string& file) {
  if (engine == "memory") return "";
  if (engine == "sqlite") return "sqlite:" + file;
  const std::string url = PostgresServer::Shared().NewDatabase();
  return engine == "pooled" ? Pooler::Shared().Url(DatabaseOf(url)) : url;
}

}  // namespace

std::string DatabaseOf(const std::string& url) {
  const std::string name = url.substr(url.rfind('/') + 1);
  return name.substr(0, name.find('?'));
}

std::vector<std::string> Engines() {
  if (const std::string only = OnlyEngine(); !only.empty()) return {only};
  std::vector<std::string> engines = LastingEngines();
  engines.insert(engines.begin(), "memory");
  return engines;
}

std::vector<std::string> LastingEngines() {
  const std::string only = OnlyEngine();
  if (only == "memory") return {};
  if (!only.empty()) return {only};
  if (PostgresServer::IsInstalled()) return {"sqlite", "postgresql"};
  static const bool said = std::fprintf(stderr,
                                        "\n*** PostgreSQL IS NOT TESTED: it is not installed; run "
                                        "conf/deps.sh test ***\n\n") > 0;
  (void)said;
  return {"sqlite"};
}

World::World(const std::string& engine)
    : url_(NewStoreUrl(engine, folder_.File("store.db"))),
      keys_(base::KeyRing::FromBytes(std::string(32, 'k'))) {
  store_ = Open();
  shop = store_->AddShop(NewShop("shop-1")).value();
  task::Register r = NewRegister("till-1");
  r.shops = {shop};
  lane = store_->AddRegister(r).value();
}

std::unique_ptr<Store> World::Open() const {
  if (!lasts()) return std::make_unique<::fiscalgate::testing::MemoryStore>(WrittenResult);
  Options options;
  options.url = url_;
  options.write_result = WrittenResult;
  Result<std::unique_ptr<Store>> opened = Store::Open(options, keys_);
  BOOST_REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().what));
  return std::move(*opened);
}

std::string World::StoredBytes() const {
  if (url_.rfind("sqlite:", 0) != 0) {
    return PostgresServer::Shared().StoredBytes(DatabaseOf(url_));
  }
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    all += ::fiscalgate::testing::ReadFile(entry.path());
  }
  return all;
}

std::unique_ptr<Store> World::OpenAnother() {
  BOOST_REQUIRE(lasts());
  return Open();
}

void World::Reopen() {
  BOOST_REQUIRE(lasts());
  Close();
  store_ = Open();
}

void World::Restart() {
  if (lasts()) Reopen();
}

task::Shop World::NewShop(const std::string& account) const {
  task::Shop shop_;
  shop_.account_id = account;
  shop_.name = "Shop of " + account;
  shop_.code = base::Secret("code of " + account);
  return shop_;
}

task::Register World::NewRegister(const std::string& name) const {
  task::Register r;
  r.name = name;
  r.provider = "bit";
  r.kkt_token = base::Secret("token of " + name);
  r.url = "http://127.0.0.1:44735/";
  return r;
}

task::NewTask World::NewTask(const std::string& order) const {
  task::NewTask task;
  task.id = base::NewId(now());
  task.shop = shop;
  task.register_key = lane;
  task.order_id = order;
  task.content_hash = std::string(31, 'h') + '\0';
  task.package.commands =
      R"([{"name":"r","type":"kktReceiptFiscalization"},{"name":"z","type":"kktCloseShift"}])";
  task.package.callback_success = "https://shop.example/ok";
  task.package.callback_failed = "https://shop.example/failed";
  task.package.prog_url = "http://10.0.0.1:44735/";
  task.accepted_at = now();
  return task;
}

Result<Accepted> World::AcceptBy(Store& store, task::NewTask task) {
  std::promise<Result<Accepted>> promise;
  const bool taken = store.Accept(std::move(task), [&promise](Result<Accepted> accepted) {
    promise.set_value(std::move(accepted));
  });
  FG_CHECK(taken);  // called from many threads, which Boost.Test cannot be
  return promise.get_future().get();
}

task::Task World::Accept(const std::string& order) {
  Result<Accepted> accepted = Accept(NewTask(order));
  BOOST_REQUIRE(accepted.ok());
  BOOST_REQUIRE(accepted->what == Acceptance::kCreated);
  return accepted->task;
}

bool World::Apply(const Claim& claim) {
  return store_->Apply({{claim}, {}, {}, {}}).value().claims.at(0);
}
bool World::Apply(const Conclusion& conclusion) {
  return store_->Apply({{}, {conclusion}, {}, {}}).value().conclusions.at(0);
}
bool World::Apply(const Release& release) {
  return store_->Apply({{}, {}, {release}, {}}).value().releases.at(0);
}

Claim World::SendOf(const task::Task& task, const std::string& lease) const {
  return {task.seq, State::kQueued, task::AttemptKind::kSend, lease, "http://till:44735", now()};
}

Claim World::AskOf(const task::Task& task, const std::string& lease) const {
  return {task.seq, State::kUnknown, task::AttemptKind::kAsk, lease, "http://till:44735", now()};
}

Conclusion World::EndOf(const task::Task& task, State state, const std::string& lease,
                        const std::string& error) const {
  Conclusion end;
  end.seq = task.seq;
  end.lease = lease;
  end.outcome.state = state;
  end.outcome.error = error;
  end.result = state == State::kUnknown ? "no_answer" : "answered";
  end.http_status = state == State::kUnknown ? 0 : 200;
  end.detail = error;
  end.at = now();
  return end;
}

Release World::ReleaseOf(const task::Task& task, const std::string& lease) const {
  return {task.seq, lease, "the register is off", "connection refused", now()};
}

task::Task World::AcceptAndEnd(const std::string& order, State state, const std::string& error) {
  const task::Task task = Accept(order);
  BOOST_REQUIRE(Apply(SendOf(task)));
  Conclusion end = EndOf(task, state, "lease", error);
  if (state == State::kDone) end.outcome.commands = {Done(0), Done(1)};
  BOOST_REQUIRE(Apply(end));
  return View(task).task;
}

TaskView World::View(const task::Task& task) {
  std::optional<TaskView> view = store_->FindTask(task.id).value();
  BOOST_REQUIRE(view.has_value());
  return std::move(*view);
}

task::CommandResult Done(int index, const std::string& text) {
  return {index,
          "c" + std::to_string(index),
          "kktReceiptFiscalization",
          task::CommandState::kDone,
          text,
          R"({"name":"c"})",
          Mark()};
}

task::CommandResult Failed(int index, const std::string& text) {
  return {index,
          "c" + std::to_string(index),
          "kktReceiptFiscalization",
          task::CommandState::kFailed,
          text,
          "",
          std::nullopt};
}

ffd::FiscalMark Mark() {
  ffd::FiscalMark mark;
  mark.fn_1041 = "9999078900001234";
  mark.fd_1040 = 42;
  mark.fpd_1077 = "1234567890";
  mark.time_1012 = "2026-11-21T13:15:00";
  mark.shift_1038 = 7;
  mark.receipt_number_1042 = 3;
  mark.register_number_1037 = "0000000001012345";
  mark.total_1020 = {1100};
  return mark;
}

std::string WrittenResult(const task::Task& task, const std::vector<task::CommandResult>& results,
                          std::int64_t seq) {
  std::string text = std::string(task::StateName(task.state)) + "|";
  for (const task::CommandResult& result : results) {
    text += std::to_string(result.index) + "=";
    text += std::string(task::CommandStateName(result.state)) + ",";
  }
  return text + "|" + std::to_string(seq);
}

}  // namespace fiscalgate::store::testing
