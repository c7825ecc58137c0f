// The parts behind the handlers, with a store in memory and a clock turned by hand: one shop
// "shop-1" with one register, and one shop "other" without.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fcgi/directory_cache.h"
#include "fcgi/disk_guard.h"
#include "fcgi/handlers/create_receipt.h"
#include "fcgi/intake.h"
#include "fcgi/links.h"
#include "fcgi/rate_limiter.h"
#include "fcgi/waiters.h"
#include "lib/base/text.h"
#include "lib/metrics/metrics.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/front.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_exchange.h"
#include "tests/unit/support/memory_store.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::testing {

inline constexpr char kReceipt[] =
    R"([{"name":"Чек","type":"kktReceiptFiscalization","data":{"1059":[)"
    R"({"productName_1030":"Чай","price_1079":11.00,"qty_1023":1.00,"unit_2108":10,)"
    R"("paymentFormCode_1214":4,"productTypeCode_1212":1,"tax_1199":6}],)"
    R"("cashierName_1021":"Пупкин","payments":{"cash_1031":10.00,"ecash_1081":1.00,)"
    R"("prepayment_1215":0,"credit_1216":0,"barter_1217":0},"taxationType_1055":1,)"
    R"("receiptType_1054":1,"sendToEmail_1008":"buyer@example.com","electronically":true}}])";

// A store whose next writes fail as told.
class FailingStore final : public MemoryStore {
 public:
  using MemoryStore::MemoryStore;
  bool Accept(task::NewTask task,
              std::function<void(store::Result<store::Accepted>)> done) override {
    if (full) return false;
    if (!failing) return MemoryStore::Accept(std::move(task), std::move(done));
    done(base::Error{*failing, "on purpose"});
    return true;
  }
  bool full = false;
  std::optional<base::Code> failing;
};

inline base::KeyRing FixedKeys() { return base::KeyRing::FromBytes(std::string(32, 'k')); }

struct GatewayFixture {
  GatewayFixture() {
    task::Shop first;
    first.account_id = "shop-1";
    first.code = base::Secret("integrity");
    shop = store.AddShop(first).value();
    task::Shop second;
    second.account_id = "other";
    second.code = base::Secret("another");
    other = store.AddShop(second).value();
    task::Register kkt;
    kkt.name = "till";
    kkt.provider = "bit";
    kkt.kkt_token = base::Secret("kkt-token");
    kkt.bank_token = base::Secret("bank-token");
    kkt.url = "https://till.example:44735/";
    kkt.shops = {shop};
    lane = store.AddRegister(kkt).value();
    FG_CHECK(directory.Load().ok());
    waiters.Start();
  }

  // Changes the shop or the register as an operator would.
  void ChangeShop(const std::function<void(task::Shop&)>& change) {
    task::Shop changed = *directory.Current()->FindShop(shop);
    change(changed);
    FG_CHECK(store.UpdateShop(changed).ok());
    directory.Poll();
  }
  void ChangeRegister(const std::function<void(task::Register&)>& change) {
    task::Register changed = *directory.Current()->FindRegister(lane);
    change(changed);
    FG_CHECK(store.UpdateRegister(changed).ok());
    directory.Poll();
  }

  static protocol::bit::PostedForm Form(const std::string& order, std::string data = kReceipt) {
    protocol::bit::PostedForm form;
    form.account_id = "shop-1";
    form.kkt_token = "kkt-token";
    form.order_id = order;
    form.data = std::move(data);
    form.callback_success = "https://shop.example/ok";
    form.callback_failed = "https://shop.example/failed";
    return form;
  }
  static http::Request Signed(protocol::bit::PostedForm form,
                              const std::string& code = "integrity") {
    http::Request request;
    request.method = "POST";
    request.url = "/api/fiscal/create-receipt.php";
    request.body = base::BuildForm({
        {"BIT_ACCOUNT_ID", form.account_id},
        {"BIT_KKT_TOKEN", form.kkt_token},
        {"BIT_BNK_TRM_TOKEN", form.bank_token},
        {"BIT_ORDER_ID", form.order_id},
        {"BIT_DATA", base::Base64Encode(base::PercentEncode(form.data))},
        {"BIT_CALLBACK_SUCCESS", form.callback_success},
        {"BIT_CALLBACK_FAILED", form.callback_failed},
        {"BIT_PROG_URL", form.prog_url},
        {"BIT_SIGNATURE", protocol::bit::Sign(form, code)},
    });
    return request;
  }

  // A register beside the first, with a bank terminal "bank of <name>".
  task::RegisterKey AddMember(const std::string& name) {
    task::Register r = *directory.Current()->FindRegister(lane);
    r.name = name;
    r.kkt_token = base::Secret("token of " + name);
    r.bank_token = base::Secret("bank of " + name);
    const task::RegisterKey key = store.AddRegister(r).value();
    directory.Poll();
    return key;
  }
  // With the token "group-token", for the shop.
  task::Group AddGroup(std::vector<task::RegisterKey> members) {
    task::Group group;
    group.name = "hall";
    group.kkt_token = base::Secret("group-token");
    group.members = std::move(members);
    group.shops = {shop};
    group.key = store.AddGroup(group).value();
    directory.Poll();
    return group;
  }
  static protocol::bit::PostedForm FormFor(const std::string& order, const std::string& token) {
    protocol::bit::PostedForm form = Form(order);
    form.kkt_token = token;
    return form;
  }
  std::string AcceptFor(const std::string& order, const std::string& token) {
    const http::Response response = Create(Signed(FormFor(order, token)));
    FG_CHECK(response.status == 202);
    return std::string(base::ParseJson(response.body)->root().FindText("id"));
  }

  static http::Response Ask(Handler& handler, http::Request request) {
    auto exchange = std::make_unique<FakeExchange>(std::move(request));
    const auto answer = exchange->answer();
    handler.Handle(std::move(exchange));
    return answer->Wait();
  }
  http::Response Create(http::Request request) { return Ask(create, std::move(request)); }
  // Accepts an order; gives the id of its task.
  std::string Accept(const std::string& order) {
    const http::Response response = Create(Signed(Form(order)));
    FG_CHECK(response.status == 202);
    return std::string(base::ParseJson(response.body)->root().FindText("id"));
  }
  // Has the attempt end so, with one command.
  // Of a drive for tests.
  static ffd::FiscalMark Mark() {
    ffd::FiscalMark mark;
    mark.fn_1041 = "9999000011112222";
    mark.fd_1040 = 42;
    mark.fpd_1077 = "1234567890";
    mark.time_1012 = "2026-11-21T13:15:00";
    mark.total_1020 = {1100};
    return mark;
  }
  task::Task Conclude(const std::string& id, task::State state,
                      std::optional<ffd::FiscalMark> mark = {}) {
    const task::TaskSeq seq = store.FindTask(id).value()->task.seq;
    store::DispatchBatch begin;
    begin.claims.push_back({seq, task::State::kQueued, task::AttemptKind::kSend, "lease",
                            "https://till.example:44735", clock.Now()});
    FG_CHECK(store.Apply(begin).value().claims.at(0));
    store::Conclusion end;
    end.seq = seq;
    end.lease = "lease";
    end.result = "answered";
    end.http_status = 200;
    end.at = clock.Now();
    end.outcome.state = state;
    const bool done = state == task::State::kDone;
    end.outcome.error = done ? "" : "paper <out>";
    end.outcome.commands.push_back({0, "Чек", "kktReceiptFiscalization",
                                    done ? task::CommandState::kDone : task::CommandState::kFailed,
                                    done ? "printed" : "paper <out>", "", std::move(mark)});
    store::DispatchBatch batch;
    batch.conclusions.push_back(end);
    FG_CHECK(store.Apply(batch).value().conclusions.at(0));
    return store.FindTask(id).value()->task;
  }

  FakeClock clock;
  FailingStore store{protocol::bit::WriteShopResult};
  const base::KeyRing keys = FixedKeys();
  const Links links{"https://kassa.example", keys};
  Intake intake;
  metrics::Metrics metrics;
  TempDir dir;
  DiskGuard disk{dir.path(), 0};
  RateLimiter rate_limiter{clock};
  int directory_changes = 0;
  DirectoryCache directory{store, clock, [this] { ++directory_changes; }};
  std::vector<task::RegisterKey> notified;
  task::ShopKey shop = 0, other = 0;
  task::RegisterKey lane = 0;
  Waiters waiters;
  std::shared_ptr<dispatch::Outlook> outlook = std::make_shared<dispatch::Outlook>();
  CreateReceipt create{{store, clock, directory, rate_limiter, disk, waiters, intake, metrics,
                        links, [this](task::RegisterKey key) { notified.push_back(key); },
                        base::JsonReader::kSimdjson, outlook}};
};

}  // namespace fiscalgate::testing
