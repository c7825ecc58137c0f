// The emulated beGateway in a folder of its own, asked in the provider's words; what it would send
// to shops is kept.
#pragma once

#include <string>
#include <utility>

#include "fcgi/emulator/begateway/gateway.h"
#include "lib/base/text.h"
#include "lib/protocol/begateway/answer.h"
#include "lib/protocol/begateway/codec.h"
#include "tests/unit/fcgi_emulator/cloud_fixture.h"
#include "tests/unit/support/fake_sender.h"

namespace fiscalgate::testing {

namespace wire = protocol::begateway;

struct BegatewayFixture : CloudFixture {
  BegatewayFixture() {
    // Making a key takes long.
    const auto keys = base::ParseJson(ReadFile("tests/data/cloud/rsa.json"));
    BOOST_REQUIRE(keys.ok());
    WriteFile(dir.File("notification.key"),
              std::string(keys->root().Find("private")->FindText("pkcs8_pem")));
    public_key_text = keys->root().Find("public")->FindText("spki_pem");
    Begin([this](emulator::cloud::Cloud& where) { return MakeGateway(where); });
  }

  base::Result<std::unique_ptr<Service>> MakeGateway(emulator::cloud::Cloud& where) {
    auto fake = std::make_unique<FakeSender>();
    sender = fake.get();
    BegatewayOptions options;
    options.shop_id = account.shop_id;
    options.secret_key = account.secret_key.Reveal();
    options.public_url = "https://gateway.example/";
    auto made = emulator::begateway::Gateway::Open(options, dir.path(), where, std::move(fake));
    if (!made) return made.error();
    gateway = made->get();
    return std::unique_ptr<Service>(std::move(made).value());
  }

  static wire::Fiscalization Receipt(std::int64_t kopecks) {
    wire::Position tea;
    tea.name = "Чай";
    tea.type = "product";
    tea.amount = {kopecks};
    tea.quantity = {1'000'000};
    tea.taxes.push_back({"", "20/120"});
    return {"order-7", "MAIN", {tea}};
  }
  static wire::TransactionRequest Payment(std::string token = "any-card") {
    wire::TransactionRequest request;
    request.amount = {1100};
    request.description = "Чай";
    request.tracking_id = "task-7";
    request.card_token = std::move(token);
    request.customer = {{"email", "buyer@example.ru"}};
    request.fiscalization = Receipt(1100);
    return request;
  }
  static wire::TransactionRequest Next(wire::Operation operation, std::string parent,
                                       std::int64_t kopecks) {
    wire::TransactionRequest request;
    request.operation = operation;
    request.amount = {kopecks};
    request.parent_uid = std::move(parent);
    request.reason = "Возврат";
    return request;
  }

  http::Response Post(const wire::TransactionRequest& request, std::string_view request_id) {
    auto made = wire::SubmitRequest(account, request, request_id);
    BOOST_REQUIRE(made.ok());
    return Call(std::move(made).value());
  }
  // Another request each time.
  http::Response Post(const wire::TransactionRequest& request) {
    return Post(request, "request-" + std::to_string(++posted));
  }
  http::Response PostBody(std::string path, std::string body, http::Headers more = {}) {
    http::Headers headers = {{"Authorization", Basic()}, {"Content-Type", "application/json"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return Send({"POST", std::move(path), "", std::move(headers), std::move(body)})->Wait();
  }
  std::string Basic() const {
    return "Basic " + base::Base64Encode(account.shop_id + ":" + account.secret_key.Reveal());
  }
  static wire::Transaction One(const http::Response& response) {
    const auto answer = wire::ReadAnswer(response);
    BOOST_REQUIRE_MESSAGE(answer.transactions.size() == 1U, response.body);
    return answer.transactions[0];
  }
  wire::Transaction Paid(const wire::TransactionRequest& request) { return One(Post(request)); }
  wire::Transaction Ask(const std::string& uid, wire::Api api = wire::Api::kCards) {
    return One(Call(wire::ByUid(account, api, uid)));
  }
  // A browser's.
  http::Response Open(const std::string& path, const std::string& query = "") {
    return Send({"GET", path, query, {}, ""})->Wait();
  }
  http::Response Press(const std::string& path, const std::string& query, std::string action) {
    return Send({"POST",
                 path,
                 query,
                 {{"Content-Type", "application/x-www-form-urlencoded"}},
                 "action=" + std::move(action)})
        ->Wait();
  }

  wire::Account account = {"http://h", "http://h", "http://h", "361",
                           base::Secret("0123456789abcdef")};
  FakeSender* sender = nullptr;
  emulator::begateway::Gateway* gateway = nullptr;
  std::string public_key_text;
  int posted = 0;
};

}  // namespace fiscalgate::testing
