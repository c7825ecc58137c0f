#include "lib/base/limits.h"
#include "lib/protocol/bit/codec.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using task::CommandResult;
using task::CommandState;
using testing::Flag;
using testing::LoadTable;
using testing::Text;

std::vector<CommandResult> SentOf(const JsonValue& row) {
  std::vector<CommandResult> sent;
  for (const JsonValue& type : row.Find("sent")->items) {
    CommandResult result;
    result.index = static_cast<int>(sent.size());
    result.name = "n" + std::to_string(sent.size());
    result.type = std::string(type.text);
    sent.push_back(result);
  }
  return sent;
}

std::string BodyOf(const JsonValue& row) {
  const std::string unit = Text(row, "body_repeat");
  if (unit.empty()) return Text(row, "body");
  std::string text;
  for (std::size_t i = 0; i < base::kMaxErrorBytes; ++i) text += unit;
  return "{\"0\":{\"error\":\"" + text + "\"}}";
}

void CheckMark(const JsonValue& row, const CommandResult& entry) {
  if (row.Find("fd") == nullptr) return;
  BOOST_REQUIRE(entry.mark.has_value());
  BOOST_TEST(std::to_string(entry.mark->fd_1040) == row.Find("fd")->text);
  BOOST_TEST(entry.mark->fn_1041 == row.FindText("fn"));
  BOOST_TEST(entry.mark->fpd_1077 == row.FindText("fpd"));
  BOOST_TEST(entry.mark->time_1012 == "2026-11-21T13:15:00");
}

void CheckAnswer(const JsonValue& row, const DriverAnswer& answer) {
  BOOST_TEST(answer.refused == (row.Find("refused") != nullptr));
  BOOST_TEST(answer.error == row.FindText("refused"));
  const auto& states = row.Find("states")->items;
  BOOST_REQUIRE_EQUAL(answer.entries.size(), states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    const CommandResult& entry = answer.entries[i];
    BOOST_TEST(task::CommandStateName(entry.state) == states[i].text);
    BOOST_TEST(entry.name == "n" + std::to_string(i));
    BOOST_TEST(entry.type == row.Find("sent")->items[i].text);
    BOOST_TEST(entry.text.size() <= base::kMaxErrorBytes);
    if (const JsonValue* texts = row.Find("texts")) BOOST_TEST(entry.text == texts->items[i].text);
  }
  CheckMark(row, answer.entries[0]);
}

CommandResult Entry(int index, CommandState state, const std::string& text) {
  CommandResult entry;
  entry.index = index;
  entry.name = "Чек " + std::to_string(index);
  entry.type = "kktXReport";
  entry.state = state;
  entry.text = text;
  return entry;
}

ffd::FiscalMark SampleMark() {
  ffd::FiscalMark mark;
  mark.fn_1041 = "9999078902012345";
  mark.fd_1040 = 17;
  mark.fpd_1077 = "1234567890";
  mark.time_1012 = "2026-11-21T13:15:00";
  mark.shift_1038 = 3;
  mark.receipt_number_1042 = 4;
  mark.register_number_1037 = "0000000001012345";
  mark.total_1020 = {1100};
  return mark;
}

BOOST_AUTO_TEST_SUITE(bit_answer_test)

BOOST_AUTO_TEST_CASE(AnswersAreUnderstoodOrCalledBad) {
  const auto table = LoadTable("bit/driver_answers.json");
  for (const JsonValue& row : table.root().items) {
    BOOST_TEST_CONTEXT(row.FindText("name")) {
      const auto answer = DecodeDriverAnswer(BodyOf(row), SentOf(row));
      if (Flag(row, "bad")) {
        BOOST_REQUIRE(!answer.ok());
        BOOST_TEST((answer.error().code == base::Code::kBadAnswer));
      } else {
        BOOST_REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().what));
        CheckAnswer(row, *answer);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(PositionsAreThoseOfTheListThatWasSent) {
  std::vector<CommandResult> sent = {Entry(3, CommandState::kNotRun, "")};
  const auto answer = DecodeDriverAnswer(R"({"0":{"success":"ok"}})", sent);
  BOOST_REQUIRE(answer.ok());
  BOOST_TEST(answer->entries[0].index == 3);
  BOOST_TEST(answer->entries[0].raw == R"({"success":"ok"})");
}

BOOST_AUTO_TEST_CASE(WhatADriverWritesTheGatewayReads) {
  DriverAnswer answer;
  answer.entries = {Entry(0, CommandState::kDone, "готово"),
                    Entry(1, CommandState::kFailed, "нет \"бумаги\"\n"),
                    Entry(2, CommandState::kNotRun, "")};
  answer.entries[0].mark = SampleMark();
  answer.entries[0].raw = R"({"rrn":"123456789012","slip":"чек банка"})";
  auto sent = answer.entries;
  for (auto& entry : sent) entry = Entry(entry.index, CommandState::kNotRun, "");
  const std::string body = EncodeDriverAnswer(answer);
  const auto read = DecodeDriverAnswer(body, sent);
  BOOST_REQUIRE_MESSAGE(read.ok(), body);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST((read->entries[i].state == answer.entries[i].state));
    BOOST_TEST(read->entries[i].text == answer.entries[i].text);
  }
  BOOST_REQUIRE(read->entries[0].mark.has_value());
  BOOST_TEST(ffd::QrText(*read->entries[0].mark) == ffd::QrText(SampleMark()));
  BOOST_TEST(read->entries[0].mark->register_number_1037 == "0000000001012345");
  BOOST_TEST(body.find(R"("rrn":"123456789012")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ARefusalIsWrittenAndRead) {
  DriverAnswer answer;
  answer.refused = true;
  answer.error = "неверный токен";
  BOOST_TEST(EncodeDriverAnswer(answer) == R"({"result":false,"error":"неверный токен"})");
}

task::Task TaskIn(task::State state) {
  task::Task task;
  task.id = "01abc";
  task.order_id = "1237";
  task.state = state;
  return task;
}

BOOST_AUTO_TEST_CASE(TheShopIsToldEveryCommandAndTheOutcome) {
  auto done = Entry(0, CommandState::kDone, "ok");
  const std::string text = WriteShopResult(TaskIn(task::State::kDone), {done}, 42);
  BOOST_TEST(text == R"({"0":{"name":"Чек 0","type":"kktXReport","success":"ok","state":"done"},)"
                     R"("result":true,"id":"01abc","order_id":"1237","seq":42,"state":"done"})");
}

BOOST_AUTO_TEST_CASE(OnlyDoneIsASuccessForTheShop) {
  for (const auto state : {task::State::kFailed, task::State::kUnknown, task::State::kCancelled,
                           task::State::kQueued}) {
    task::Task task = TaskIn(state);
    task.error = "нет бумаги";
    const auto result = base::ParseJson(WriteShopResult(task, {}, 1));
    BOOST_REQUIRE(result.ok());
    BOOST_TEST(result->root().Find("result")->boolean == false);
    BOOST_TEST(result->root().FindText("error") == "нет бумаги");
    BOOST_TEST(result->root().FindText("state") == task::StateName(state));
  }
}

BOOST_AUTO_TEST_CASE(TheShopIsToldWhatWasNotRun) {
  task::Task task = TaskIn(task::State::kFailed);
  task.error = "нет бумаги";
  const auto text = WriteShopResult(
      task, {Entry(0, CommandState::kFailed, "нет бумаги"), Entry(1, CommandState::kNotRun, "")},
      1);
  const auto result = base::ParseJson(text);
  BOOST_REQUIRE(result.ok());
  const JsonValue& root = result->root();
  BOOST_TEST(root.Find("0")->FindText("error") == "нет бумаги");
  BOOST_TEST(root.Find("1")->FindText("state") == "not_run");
  BOOST_TEST(root.Find("1")->Find("error") != nullptr);
  BOOST_TEST(root.Find("1")->Find("success") == nullptr);
}

BOOST_AUTO_TEST_CASE(TheRegistersOwnWordsAndMarkReachTheShopOnce) {
  auto done = Entry(0, CommandState::kDone, "ok");
  done.raw = R"({"name":"x","error":"","state":"evil","fd_1040":17,"1041":"9999078902012345",)"
             R"("fpd_1077":"1234567890","slip":[1,{"a":2}]})";
  done.mark = SampleMark();
  const auto text = WriteShopResult(TaskIn(task::State::kDone), {done}, 1);
  const auto result = base::ParseJson(text);  // refuses keys that stand twice
  BOOST_REQUIRE_MESSAGE(result.ok(), text);
  const JsonValue& entry = *result->root().Find("0");
  BOOST_TEST(entry.FindText("name") == "Чек 0");
  BOOST_TEST(entry.FindText("state") == "done");
  BOOST_TEST(entry.Find("error") == nullptr);
  BOOST_TEST(entry.Find("1041") == nullptr);
  BOOST_TEST(entry.FindText("fn_1041") == "9999078902012345");
  BOOST_TEST(entry.Find("slip")->raw == R"([1,{"a":2}])");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
