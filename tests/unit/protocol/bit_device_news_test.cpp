// What the provider learns of the register, and the gateway's own commands.
#include <boost/test/unit_test.hpp>

#include "lib/protocol/bit/provider.h"

namespace fiscalgate::protocol::bit {
namespace {

using task::State;

struct Scene {
  store::LaneHead head;
  task::Register register_;

  explicit Scene(std::initializer_list<const char*> types) {
    std::string list;
    for (const char* type : types) {
      list += (list.empty() ? "" : ",") + std::string(R"({"name":"n","type":")") + type + "\"}";
    }
    head.task.shop = 5;
    head.package.commands = "[" + list + "]";
    register_.url = "http://192.0.2.1:44735";
  }
  Work work() const { return {head, register_, task::AttemptKind::kSend}; }
  task::Outcome Answer(const std::string& body) const {
    http::Answer answer;
    answer.delivery = http::Delivery::kAnswered;
    answer.response = {200, {}, body};
    return std::get<FinishStep>(BitProvider().OnAnswer(work(), answer)).outcome;
  }
  task::DeviceNews News(const std::string& body) const {
    return BitProvider().WhatIsKnown(work(), Answer(body));
  }
};

constexpr const char* kMark =
    R"("fn_1041":"9999078902012345","fd_1040":17,"fpd_1077":"1234567890","shift_1038":3)";

BOOST_AUTO_TEST_SUITE(bit_device_news)

BOOST_AUTO_TEST_CASE(AReceiptTellsItsShift) {
  const auto news = Scene({"kktReceiptFiscalization"})
                        .News(R"({"0":{"success":"ok",)" + std::string(kMark) + "}}");
  BOOST_TEST(news.shift.value_or(0) == 3);
  BOOST_TEST(news.shift_open.value_or(false));
  BOOST_TEST(!news.shift_just_opened);
  BOOST_TEST(!news.unsent_1097.has_value());
}

BOOST_AUTO_TEST_CASE(ShiftCommandsSayWhetherItIsOpen) {
  const auto opened = Scene({"kktOpenShift"}).News(R"({"0":{"success":"ok","shift_1038":"4"}})");
  BOOST_TEST(opened.shift.value_or(0) == 4);
  BOOST_TEST(opened.shift_open.value_or(false));
  BOOST_TEST(opened.shift_just_opened);
  const auto closed = Scene({"kktCloseShift"}).News(R"({"0":{"success":"ok"}})");
  BOOST_TEST(closed.shift_open.has_value());
  BOOST_TEST(!closed.shift_open.value_or(true));
  const auto both = Scene({"kktOpenShift", "kktReceiptFiscalization", "kktCloseShift"})
                        .News(R"({"0":{"success":"ok"},"1":{"success":"ok",)" + std::string(kMark) +
                              R"(},"2":{"success":"ok"}})");
  BOOST_TEST(!both.shift_open.value_or(true));
  BOOST_TEST(!both.shift_just_opened);
  BOOST_TEST(both.shift.value_or(0) == 3);
}

BOOST_AUTO_TEST_CASE(ReportsTellOfDriveAndOfdWhateverTheNames) {
  const auto news = Scene({"kktXReport"})
                        .News(R"({"0":{"success":"ok","a_1097":12,"b_1098":"2026-11-01",)"
                              R"("c_1050":true,"d_1051":"0","e_1052":1,"f_1053":"false"}})");
  BOOST_TEST(news.unsent_1097.value_or(0) == 12);
  BOOST_TEST((news.first_unsent_1098 ==
              base::WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 1))));
  BOOST_TEST(news.fn_replace_1050.value_or(false));
  BOOST_TEST(!news.fn_exhausted_1051.value_or(true));
  BOOST_TEST(news.fn_memory_1052.value_or(false));
  BOOST_TEST(!news.ofd_timeout_1053.value_or(true));
  BOOST_TEST(!news.shift_open.has_value());
}

BOOST_AUTO_TEST_CASE(NonsenseTellsNothing) {
  const auto news = Scene({"kktXReport"})
                        .News(R"({"0":{"success":"ok","a_1097":"many","b_1098":"soon",)"
                              R"("c_1050":"maybe","shift_1038":-4}})");
  BOOST_TEST(!news.unsent_1097.has_value());
  BOOST_TEST(!news.first_unsent_1098.has_value());
  BOOST_TEST(!news.fn_replace_1050.has_value());
  BOOST_TEST(!news.shift.has_value());
}

BOOST_AUTO_TEST_CASE(WhatAnEarlierAttemptHasDoneIsNoNews) {
  Scene scene({"kktOpenShift", "kktXReport"});
  task::CommandResult done;
  done.type = "kktOpenShift";
  done.state = task::CommandState::kDone;
  scene.head.results = {done};
  BOOST_TEST(!scene.News(R"({"0":{"success":"ok"}})").shift_open.has_value());
}

BOOST_AUTO_TEST_CASE(AShiftThatIsOverIsRecognised) {
  const Scene scene({"kktReceiptFiscalization"});
  const std::string body = R"({"0":{"error":"Смена превысила 24 часа, закройте смену"}})";
  const task::Outcome outcome = scene.Answer(body);
  BOOST_TEST((outcome.state == State::kFailed));
  BOOST_TEST(outcome.error_code == "shift_over_24h");
  BOOST_TEST((outcome.error_class == task::ErrorClass::kRetryLater));
  BOOST_TEST(BitProvider().IsShiftOver(outcome));
  BOOST_TEST(scene.News(body).shift_over_24h);
  const task::Outcome refused = scene.Answer(R"({"result":false,"error":"Shift expired"})");
  BOOST_TEST(BitProvider().IsShiftOver(refused));
  BOOST_TEST(!BitProvider().IsShiftOver(scene.Answer(R"({"0":{"error":"Нет бумаги"}})")));
}

BOOST_AUTO_TEST_CASE(OfTheGatewaysOwnWhatIsSoAlreadyIsDone) {
  Scene close({"kktCloseShift"}), open({"kktOpenShift"});
  const std::string not_open = R"({"0":{"error":"Смена не открыта"}})";
  const std::string already = R"({"0":{"error":"Смена уже открыта"}})";
  BOOST_TEST((close.Answer(not_open).state == State::kFailed));
  close.head.task.shop = open.head.task.shop = task::kGatewayShop;
  BOOST_TEST((close.Answer(not_open).state == State::kDone));
  BOOST_TEST((close.Answer(R"({"result":false,"error":"Смена закрыта"})").state == State::kDone));
  BOOST_TEST(!close.News(not_open).shift_open.value_or(true));
  BOOST_TEST((open.Answer(already).state == State::kDone));
  BOOST_TEST(open.News(already).shift_open.value_or(false));
  BOOST_TEST(!open.News(already).shift_just_opened);
  BOOST_TEST((open.Answer(not_open).state == State::kFailed));
  BOOST_TEST((close.Answer(already).state == State::kFailed));
}

BOOST_AUTO_TEST_CASE(ServiceCommandsNameTheCashierIfThereIsOne) {
  task::Register r;
  BOOST_TEST(BitProvider().ServiceCommands(task::Service::kCloseShift, r) ==
             R"([{"name":"Закрытие смены","type":"kktCloseShift"}])");
  r.shift_cashier = "Иванов";
  BOOST_TEST(BitProvider().ServiceCommands(task::Service::kXReport, r) ==
             R"([{"name":"X-отчёт","type":"kktXReport","data":{"cashierName_1021":"Иванов"}}])");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
