#include <boost/test/unit_test.hpp>

#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/front.h"
#include "lib/protocol/bitrix24/lines.h"
#include "lib/protocol/bitrix24/package.h"
#include "lib/protocol/bitrix24/registration.h"
#include "lib/protocol/bitrix24/result.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

constexpr std::string_view kCheck =
    R"({"type":"sell","calculated_sign":"income","unique_id":85,"uuid":"check|example.com|85",)"
    R"("items":[{"name":"Чай","price":12.5,"sum":25.0,"quantity":2,"measure_code":"796","vat":3,)"
    R"("vat_sum":4.51,"payment_object":"commodity"}],)"
    R"("payments":[{"type":"cash","sum":5},{"type":"cashless","sum":"20.00"}],)"
    R"("client_phone":"8 (916) 123-45-67","total_sum":25.0,"operation":"income",)"
    R"("cashbox_params":{"AUTH":{"ACCOUNT":"shop-1","TOKEN":"t","CODE":"c"},)"
    R"("FISCAL":{"TAX_SYSTEM":"OSN","VAT":"3=22 4=10"}}})";

// `kCheck` with one text in place of another.
std::string With(std::string_view from, std::string_view to) {
  std::string text(kCheck);
  const std::size_t at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

struct Made {
  Problems problems;
  std::string text;
};
Made Make(std::string_view body, ffd::FfdVersion version = ffd::FfdVersion::k12) {
  Made made;
  const auto posted = ReadPosted(body);
  BOOST_REQUIRE(posted.ok());
  const Settings settings = ReadSettings(*posted, &made.problems);
  const Check check = ReadCheck(*posted, &made.problems);
  if (made.problems.empty()) {
    made.text = WritePackage(check, settings, version, &made.problems);
  }
  return made;
}

// The code of the only problem.
std::string ProblemOf(std::string_view body, ffd::FfdVersion version = ffd::FfdVersion::k12) {
  const Made made = Make(body, version);
  BOOST_REQUIRE(made.problems.size() == 1u);
  BOOST_TEST(made.text == "");
  BOOST_TEST(!made.problems[0].russian.empty());
  BOOST_TEST(!made.problems[0].path.empty());
  return made.problems[0].code;
}

// The package passes the rules of the fiscal document.
void BoostAcceptable(const std::string& text) {
  ffd::CheckOptions options;
  options.date = ffd::MakeDay(2026, 11, 21);
  const auto package = bit::ReadPackage(text, options);
  BOOST_REQUIRE(package.ok());
  for (const auto& fault : package->faults) BOOST_TEST(fault.path == "");
}

task::Task TaskIn(task::State state) {
  task::Task task;
  task.id = "01jd0000000000000000000000";
  task.order_id = "check|example.com|85";
  task.state = state;
  task.changed_at = base::FromMillis(1'795'000'000'000);
  return task;
}

std::vector<task::CommandResult> Printed() {
  ffd::FiscalMark mark;
  mark.fn_1041 = "9999000011112222";
  mark.fd_1040 = 42;
  mark.fpd_1077 = "1234567890";
  mark.time_1012 = "2026-11-21T13:15:00";
  mark.shift_1038 = 7;
  mark.receipt_number_1042 = 3;
  mark.register_number_1037 = "0000000001012345";
  return {
      {0, "Чек", "kktReceiptFiscalization", task::CommandState::kDone, "", "", std::move(mark)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Bitrix24Test)

BOOST_AUTO_TEST_CASE(FormOfPhpAndJsonGiveTheSameFields) {
  const auto form = ReadPosted(
      "items%5B0%5D%5Bname%5D=%D0%A7%D0%B0%D0%B9+1&items[0][sum]=25.0&items[1][name]=b&type=sell");
  BOOST_REQUIRE(form.ok());
  BOOST_TEST(form->Text("type") == "sell");
  BOOST_TEST(form->TextAt({"items", "0", "name"}) == "Чай 1");
  BOOST_TEST(form->TextAt({"items", "1", "name"}) == "b");
  BOOST_TEST(form->TextAt({"items", "2", "name"}) == "");
  const auto json = ReadPosted(R"({"items":[{"name":"Чай 1","sum":25.0},{"name":"b"}]})");
  BOOST_REQUIRE(json.ok());
  BOOST_TEST(json->TextAt({"items", "0", "sum"}) == "25.0");
  BOOST_TEST(json->TextAt({"items", "1", "name"}) == "b");
}

BOOST_AUTO_TEST_CASE(HostileFormsAreRefused) {
  for (const std::string_view body : {"", "a=1&a=2", "a=1&a[b]=2", "a[b]=1&a=2", "a=%zz", "%ff=1",
                                      "name=%ff", "a[1][2][3][4][5][6][7][8][9]=1", "{", "[1]{"}) {
    const auto read = ReadPosted(body);
    if (body == "[1]{") continue;  // a field with an odd name
    BOOST_TEST(!read.ok(), body);
  }
  std::string many;
  for (int i = 0; i < 20'001; ++i) many += "a[]=1&";
  BOOST_TEST((ReadPosted(many).error().code == base::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(BytesOfAMarkingCodeAreLeftOut) {
  const auto read = ReadPosted("items[0][nomenclature_code]=DM%ff%00&items[0][marking_code]=0104");
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(read->TextAt({"items", "0", "nomenclature_code"}) == "");
  BOOST_TEST(read->TextAt({"items", "0", "marking_code"}) == "0104");
}

BOOST_AUTO_TEST_CASE(CheckBecomesAReceipt) {
  const Made made = Make(kCheck);
  BOOST_REQUIRE(made.problems.empty());
  BOOST_TEST(made.text ==
             R"([{"name":"Чек","type":"kktReceiptFiscalization","data":{"purchases":[)"
             R"({"productName_1030":"Чай","price_1079":12.50,"qty_1023":2,"amount_1043":25.00,)"
             R"("unit_2108":0,"paymentFormCode_1214":4,"productTypeCode_1212":1,"tax_1199":11}],)"
             R"("payments":{"cash_1031":5.00,"ecash_1081":20.00},"taxationType_1055":1,)"
             R"("receiptType_1054":1,"sendToEmail_1008":"+79161234567","electronically":true}}])");
  BoostAcceptable(made.text);
}

BOOST_AUTO_TEST_CASE(EveryTypeHasItsMethodAndDirection) {
  const auto method = [](const std::string& type) {
    const auto posted = ReadPosted("type=" + type + "&uuid=1");
    Problems problems;
    const Check check = ReadCheck(*posted, &problems);
    return std::to_string(check.method) + (check.is_return ? " return" : "");
  };
  BOOST_TEST(method("sell") == "4");
  BOOST_TEST(method("sellreturncash") == "4 return");
  BOOST_TEST(method("advancepayment") == "3");
  BOOST_TEST(method("prepayment") == "2");
  BOOST_TEST(method("fullprepaymentreturn") == "1 return");
  BOOST_TEST(method("credit") == "6");
  BOOST_TEST(method("creditpaymentreturncash") == "7 return");
  BOOST_TEST(method("correctionsell") == "0");
}

BOOST_AUTO_TEST_CASE(PrepaymentHasACalculatedRate) {
  std::string body = With(R"("type":"sell")", R"("type":"fullprepayment")");
  const Made made = Make(body);
  BOOST_REQUIRE(made.problems.empty());
  BOOST_TEST(made.text.find(R"("paymentFormCode_1214":1)") != std::string::npos);
  BOOST_TEST(made.text.find(R"("tax_1199":12)") != std::string::npos);
  BoostAcceptable(made.text);
}

BOOST_AUTO_TEST_CASE(RatesAreReadByTheIdsOfThePortal) {
  const auto rates = VatRates::Read(" 1=none,2=0; 3=22  advance=22/122");
  BOOST_REQUIRE(rates.ok());
  BOOST_TEST(rates->Find("0").value() == 6);
  BOOST_TEST(rates->Find("1").value() == 6);
  BOOST_TEST(rates->Find("2").value() == 5);
  BOOST_TEST(rates->Find("3").value() == 11);
  BOOST_TEST(rates->Find("advance").value() == 12);
  BOOST_TEST(!rates->Find("4").has_value());
  BOOST_TEST(VatRates::Read("0=22")->Find("0").value() == 11);
  for (const std::string_view wrong : {"3=18", "3", "=22", "a=22", "3=22 3=10", "3==22"}) {
    BOOST_TEST(!VatRates::Read(wrong).ok(), wrong);
  }
}

BOOST_AUTO_TEST_CASE(WhatIsWrongIsNamed) {
  BOOST_TEST(ProblemOf(With(R"("vat":3)", R"("vat":9)")) == "vat_unknown");
  BOOST_TEST(ProblemOf(With(R"(3=22)", R"(3=none)")) == "vat_contradiction");
  BOOST_TEST(ProblemOf(With(R"("sum":5)", R"("sum":6)")) == "sums_differ");
  BOOST_TEST(ProblemOf(With(R"("sum":25.0)", R"("sum":"x")")) == "bad_sum");
  BOOST_TEST(ProblemOf(With(R"("quantity":2)", R"("quantity":-2)")) == "bad_quantity");
  BOOST_TEST(ProblemOf(With(R"("type":"cash")", R"("type":"bonus")")) == "bad_payment");
  BOOST_TEST(ProblemOf(With(R"("commodity")", R"("magic")")) == "bad_payment_object");
  BOOST_TEST(ProblemOf(With(R"(check|example.com|85)", "")) == "uuid");
  BOOST_TEST(ProblemOf(With(R"("operation":"income")", R"("operation":"consumption")")) ==
             "calculated_sign");
  BOOST_TEST(ProblemOf(With("OSN", "ENVD")) == "tax_system");
}

BOOST_AUTO_TEST_CASE(MarkedGoodsNeedTheVersionThatKnowsThem) {
  const std::string marked = With(
      R"("quantity":2,"measure_code":"796","vat":3,"vat_sum":4.51,"payment_object":"commodity")",
      R"("quantity":1,"vat":3,"payment_object":"commodity_marking","marking_code":"0104")");
  BOOST_TEST(ProblemOf(marked, ffd::FfdVersion::k105) == "marked_goods");
  const Made made = Make(marked);
  BOOST_REQUIRE(made.problems.empty());
  BOOST_TEST(made.text.find(R"("productTypeCode_1212":33)") != std::string::npos);
  BOOST_TEST(made.text.find(R"("markingCode_2000":"0104")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(SupplierMakesTheShopAnAgent) {
  const Made made = Make(
      With(R"("payment_object":"commodity")",
           R"("supplier_info":{"name":"ООО","inn":"7701870710","phones":["+7 900 000-00-09"]})"));
  BOOST_REQUIRE(made.problems.empty());
  BOOST_TEST(made.text.find(R"("supplierPhone_1171":["+79000000009"])") != std::string::npos);
  BOOST_TEST(made.text.find(R"("supplierInn_1226":"7701870710")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(LinesMakeTheSumToTheKopeck) {
  const auto total = [](std::int64_t sum, std::int64_t millionths) {
    std::int64_t kopecks = 0, units = 0;
    for (const Line& line : SplitLine({sum}, {millionths}, std::nullopt)) {
      BOOST_TEST(line.price.kopecks > 0);
      BOOST_TEST(base::Multiply(line.price, line.quantity)->kopecks == line.sum.kopecks);
      kopecks += line.sum.kopecks;
      units += line.quantity.millionths;
    }
    BOOST_TEST(units <= millionths);
    return kopecks;
  };
  for (const std::int64_t sum : {1, 2, 3, 99, 100, 10'000, 12'345, 999'999}) {
    for (const std::int64_t quantity : {1'000'000, 3'000'000, 7'000'000, 1'500'000, 333'000}) {
      BOOST_TEST(total(sum, quantity) == sum);
    }
  }
  BOOST_TEST(SplitLine({0}, {1'000'000}, std::nullopt).empty());
  BOOST_TEST(SplitLine({10'000}, {3'000'000}, std::nullopt).size() == 2u);
}

BOOST_AUTO_TEST_CASE(RoublesOfPhpAreRounded) {
  BOOST_TEST(ReadRoubles("33.333333333333")->kopecks == 3333);
  BOOST_TEST(ReadRoubles("9600.0")->kopecks == 960'000);
  BOOST_TEST(ReadRoubles("0.995")->kopecks == 100);
  BOOST_TEST(!ReadRoubles("1.0E-5").has_value());
  BOOST_TEST(!ReadRoubles("").has_value());
  BOOST_TEST(!ReadRoubles("1,5").has_value());
}

BOOST_AUTO_TEST_CASE(PortalIsToldOfTheEndOnly) {
  const auto answer = [](task::State state) { return WriteCheckAnswer(TaskIn(state), Printed()); };
  for (const task::State state : {task::State::kQueued, task::State::kSending,
                                  task::State::kWaiting, task::State::kUnknown}) {
    BOOST_TEST(answer(state) == R"({"STATUS":"WAIT"})");
  }
  BOOST_TEST(answer(task::State::kDone) ==
             R"({"STATUS":"DONE","UUID":"01jd0000000000000000000000",)"
             R"("REG_NUMBER_KKT":"0000000001012345","FISCAL_DOC_ATTR":"1234567890",)"
             R"("FISCAL_DOC_NUMBER":"42","FISCAL_RECEIPT_NUMBER":"3",)"
             R"("FN_NUMBER":"9999000011112222","SHIFT_NUMBER":"7","PRINT_END_TIME":1795256100})");
  BOOST_TEST(answer(task::State::kCancelled).starts_with(R"({"STATUS":"ERROR","ERROR":"Чек)"));
  task::Task failed = TaskIn(task::State::kFailed);
  failed.error = "нет бумаги";
  BOOST_TEST(WriteCheckAnswer(failed, {}) == R"({"STATUS":"ERROR","ERROR":"нет бумаги"})");
  // Settled by a person without a mark.
  BOOST_TEST(
      WriteCheckAnswer(TaskIn(task::State::kDone), {}) ==
      R"({"STATUS":"DONE","UUID":"01jd0000000000000000000000","PRINT_END_TIME":1795000000})");
}

BOOST_AUTO_TEST_CASE(OnlyAnIncomingWebhookIsOne) {
  BOOST_TEST(IsWebhook("https://a.bitrix24.ru/rest/1/abc123/"));
  for (const std::string_view wrong :
       {"", "https://a.bitrix24.ru/", "https://a.bitrix24.ru/rest/1/", "https://a.ru/rest/1/a/b/",
        "https://a.ru/rest/1/abc", "ftp://a.ru/rest/1/abc/", "https://a.ru/rest/1/a?b/"}) {
    BOOST_TEST(!IsWebhook(wrong), wrong);
  }
}

BOOST_AUTO_TEST_CASE(CallbackBecomesACallOfThePortal) {
  const base::Secret webhook("https://a.bitrix24.ru/rest/1/abc123/");
  const std::string address = ApplyAddress(webhook);
  BOOST_TEST(address.find("abc123") == std::string::npos);
  BOOST_TEST(IsApplyAddress(address));
  http::Request request;
  request.url = address;
  request.headers = {{"webhook-signature", "v1,x"}};
  request.body =
      "json=" + base::PercentEncode(bit::WriteShopResult(TaskIn(task::State::kDone), Printed(), 5));
  BOOST_REQUIRE(MakeApplyCall(webhook, &request));
  BOOST_TEST(request.url == "https://a.bitrix24.ru/rest/1/abc123/sale.cashbox.check.apply");
  BOOST_TEST(http::FindHeader(request.headers, "webhook-signature") == "");
  const auto fields = base::ParseForm(request.body).value();
  BOOST_REQUIRE(fields.size() == 8u);
  BOOST_TEST(fields[0].second == "01jd0000000000000000000000");
  BOOST_TEST(fields[7].first == "PRINT_END_TIME");
  BOOST_TEST(fields[7].second == "1795256100");
  request.body = "json=%7B%7D";
  BOOST_TEST(!MakeApplyCall(webhook, &request));
}

BOOST_AUTO_TEST_CASE(RegistrationAsksForWhatIsRead) {
  task::Register till;
  till.name = "till";
  till.taxation_mask = 2;
  till.kkt_token = base::Secret("token");
  const auto call = base::ParseJson(HandlerCall("https://gate.example", till));
  BOOST_REQUIRE(call.ok());
  const base::JsonValue* settings = call->root().Find("SETTINGS");
  BOOST_TEST(settings->FindText("PRINT_URL") == "https://gate.example/api/bitrix24/print");
  const base::JsonValue* systems =
      settings->Find("CONFIG")->Find("FISCAL")->Find("ITEMS")->Find("TAX_SYSTEM")->Find("OPTIONS");
  BOOST_REQUIRE(systems->members.size() == 1u);
  BOOST_TEST(systems->members[0].key == "USN_INCOME");
  task::Shop shop;
  shop.code = base::Secret("code");
  BOOST_TEST(CashboxCall(shop, till, false).find("\"code\"") == std::string::npos);
  const auto cashbox = base::ParseJson(CashboxCall(shop, till, true));
  BOOST_REQUIRE(cashbox.ok());
  BOOST_TEST(cashbox->root().Find("SETTINGS")->Find("AUTH")->FindText("CODE") == "code");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::protocol::bitrix24
