// How the doctor judges what it sees.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "fcgi/admin/doctor_checks.h"
#include "lib/store/migrations.h"
#include "tests/unit/support/stores.h"

namespace fiscalgate::admin {
namespace {

const base::WallTime kNow = base::FromMillis(1'790'000'000'000);

Level LevelOf(const Findings& findings, const std::string& topic) {
  Level level = Level::kOk;
  bool found = false;
  for (const Finding& finding : findings.all()) {
    if (finding.topic != topic) continue;
    found = true;
    level = std::max(level, finding.level);
    BOOST_TEST(finding.advice.empty() == (finding.level == Level::kOk), topic);
  }
  BOOST_TEST(found, topic);
  return level;
}

store::ServerFacts GoodServer() {
  store::ServerFacts server;
  server.version = "15.6";
  server.fsync = server.full_page_writes = server.autovacuum = server.synchronous_commit = "on";
  server.synchronous_standby_names = "one";
  server.connections = 10;
  server.max_connections = 100;
  server.sees_all = true;
  server.replicas = {{"one", "streaming", "sync", 0}, {"two", "streaming", "async", 100}};
  server.hot_tables = {{"task", 1000, 10}};
  server.commit = {1000, 3000, 20};
  return server;
}

Level Judge(const store::ServerFacts& server, const std::string& topic) {
  Findings findings;
  JudgeServer(server, &findings);
  return LevelOf(findings, topic);
}

Level JudgeDisk(std::int64_t p50, std::int64_t p99) {
  Findings findings;
  JudgeFlush({p50, p99, 50}, &findings);
  return LevelOf(findings, "disk_flush");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_doctor)

BOOST_AUTO_TEST_CASE(TheExitCodeTellsTheWorst) {
  Findings findings;
  findings.Ok("a", "well");
  BOOST_TEST(findings.ExitCode() == 0);
  findings.Warn("b", "hm", "look");
  BOOST_TEST(findings.ExitCode() == 1);
  findings.Fail("c", "no\n\x1b[31m", "mend");
  BOOST_TEST(findings.ExitCode() == 2);
  const std::string text = findings.Text();
  BOOST_TEST(text.find("fail  c") != std::string::npos);
  BOOST_TEST(text.find("-> mend") != std::string::npos);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
  base::JsonWriter writer;
  findings.Write(&writer);
  const auto document = base::ParseJson(writer.Take());
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(document->root().Find("findings")->items.size() == 3u);
  BOOST_TEST(document->root().Find("fail")->text == "1");
}

BOOST_AUTO_TEST_CASE(ADiskIsNeitherTooSlowNorTooFast) {
  BOOST_TEST((JudgeDisk(1000, 3000) == Level::kOk));
  BOOST_TEST((JudgeDisk(1000, 30'000) == Level::kWarn));
  BOOST_TEST((JudgeDisk(2, 3) == Level::kWarn));
}

BOOST_AUTO_TEST_CASE(AGoodServerIsWell) {
  Findings findings;
  JudgeServer(GoodServer(), &findings);
  BOOST_TEST(findings.ExitCode() == 0, findings.Text());
}

BOOST_AUTO_TEST_CASE(AServerThatMayLoseWhatWasAcknowledgedIsSaidSo) {
  store::ServerFacts server = GoodServer();
  server.fsync = "off";
  BOOST_TEST((Judge(server, "fsync") == Level::kFail));
  server = GoodServer();
  server.full_page_writes = "off";
  BOOST_TEST((Judge(server, "full_page_writes") == Level::kFail));
  server = GoodServer();
  server.synchronous_commit = "off";
  BOOST_TEST((Judge(server, "synchronous_commit") == Level::kWarn));
  server = GoodServer();
  server.synchronous_standby_names = "";
  for (store::Replica& replica : server.replicas) replica.sync_state = "async";
  BOOST_TEST((Judge(server, "replication") == Level::kWarn));
  server.synchronous_standby_names = "one";
  BOOST_TEST((Judge(server, "replication") == Level::kFail));
  server.sees_all = false;
  BOOST_TEST((Judge(server, "replication") == Level::kOk));
  server = GoodServer();
  server.synchronous_commit = "local";
  BOOST_TEST((Judge(server, "replication") == Level::kWarn));
}

BOOST_AUTO_TEST_CASE(WhatSlowsAServerDownIsSeen) {
  store::ServerFacts server = GoodServer();
  server.oldest_transaction_s = 3600;
  BOOST_TEST((Judge(server, "vacuum") == Level::kWarn));
  server = GoodServer();
  server.oldest_xmin_age = 5'000'000;
  BOOST_TEST((Judge(server, "vacuum") == Level::kWarn));
  server = GoodServer();
  server.hot_tables = {{"task", 10, 100'000}};
  BOOST_TEST((Judge(server, "vacuum") == Level::kWarn));
  server = GoodServer();
  server.autovacuum = "off";
  BOOST_TEST((Judge(server, "autovacuum") == Level::kFail));
  server = GoodServer();
  server.commit.p99_us = 100'000;
  BOOST_TEST((Judge(server, "commit") == Level::kWarn));
  server = GoodServer();
  server.connections = 95;
  BOOST_TEST((Judge(server, "connections") == Level::kWarn));
  server = GoodServer();
  server.clock_ahead_ms = -5000;
  BOOST_TEST((Judge(server, "clock_server") == Level::kWarn));
}

BOOST_AUTO_TEST_CASE(TheVersionOfTheTablesMustFit) {
  const int ours = store::NewestSchemaVersion();
  for (const auto& [schema, level] : {std::pair(0, Level::kWarn),
                                      {ours - 1, Level::kWarn},
                                      {ours, Level::kOk},
                                      {ours + 1, Level::kFail}}) {
    store::Checkup checkup;
    checkup.schema = schema;
    checkup.runs_on = schema <= ours;
    Findings findings;
    JudgeStore(checkup, &findings);
    BOOST_TEST((LevelOf(findings, "schema") == level), schema);
  }
  store::Checkup checkup;
  checkup.key_fits = false;
  Findings findings;
  JudgeStore(checkup, &findings);
  BOOST_TEST((LevelOf(findings, "key_file") == Level::kFail));
}

BOOST_AUTO_TEST_CASE(TheWorkIsLookedAt) {
  const fiscalgate::testing::InSqlite real;
  store::Store& store = *real.store;
  task::Shop shop;
  shop.account_id = "shop";
  shop.key = store.AddShop(shop).value();
  task::Register r;
  r.name = "till";
  r.provider = "bit";
  r.kkt_token = base::Secret("token");
  r.via = task::Via::kAgent;
  r.settings["client_certificate"] = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----";
  r.key = store.AddRegister(r).value();
  Findings findings;
  CheckWork(store, kNow, &findings);
  BOOST_TEST((LevelOf(findings, "lanes") == Level::kOk));
  BOOST_TEST((LevelOf(findings, "callbacks") == Level::kOk));
  BOOST_TEST((LevelOf(findings, "agent") == Level::kWarn));  // never seen
  BOOST_TEST((LevelOf(findings, "certificate") == Level::kWarn));

  BOOST_REQUIRE(store.RecordAgents({{r.key, kNow, "1", "ok", 0}}).ok());
  task::NewTask task;
  task.id = "task";
  task.shop = shop.key;
  task.register_key = r.key;
  task.order_id = "1";
  task.accepted_at = kNow - std::chrono::hours(2);
  fiscalgate::testing::Accept(store, task);
  Findings later;
  CheckWork(store, kNow, &later);
  BOOST_TEST((LevelOf(later, "agents") == Level::kOk));
  BOOST_TEST((LevelOf(later, "lanes") == Level::kWarn));
}

BOOST_AUTO_TEST_CASE(CertificatesOfSitesThatServeTheGatewayAreFound) {
  const fiscalgate::testing::TempDir folder;
  std::filesystem::create_directories(folder.File("sites-enabled"));
  const std::string ours = folder.File("ours.crt"), other = folder.File("other.crt");
  for (const std::string& file : {ours, other}) {
    fiscalgate::testing::WriteFile(file, "nothing of use");
  }
  fiscalgate::testing::WriteFile(folder.File("sites-enabled/receipts"),
                                 "server {\n  ssl_certificate " + ours +
                                     ";\n  ssl_certificate_key " + other +
                                     ";\n  include snippets/fiscalgate-gateway.conf;\n}\n");
  fiscalgate::testing::WriteFile(folder.File("sites-enabled/blog"),
                                 "server {\n  ssl_certificate " + other + ";\n}\n");
  Findings findings;
  CheckCertificateFiles({}, folder.path(), kNow, &findings);
  BOOST_REQUIRE(findings.all().size() == 1u);
  BOOST_TEST(findings.all()[0].text.find(ours) == 0u);
}

BOOST_AUTO_TEST_CASE(AKeyThatOthersMayReadIsBroken) {
  const fiscalgate::testing::TempDir folder;
  const std::string path = folder.File("key");
  Findings missing;
  BOOST_TEST(!CheckKeyFile(path, &missing));
  BOOST_TEST((LevelOf(missing, "key_file") == Level::kFail));
  BOOST_REQUIRE(base::KeyRing::Create(path).ok());
  Findings good;
  BOOST_TEST(CheckKeyFile(path, &good).has_value());
  BOOST_TEST((LevelOf(good, "key_file") == Level::kOk));
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  Findings open;
  BOOST_TEST(!CheckKeyFile(path, &open));
  BOOST_TEST((LevelOf(open, "key_file") == Level::kFail));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::admin
