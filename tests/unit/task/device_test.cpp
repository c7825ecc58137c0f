#include "lib/task/device.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::task {
namespace {

using std::chrono::hours;

const base::WallTime kStart(hours(500'000));

DeviceNews InShift(std::int64_t number) {
  DeviceNews news;
  news.shift = number;
  news.shift_open = true;
  return news;
}

bool Warns(const DeviceState& state, base::WallTime now, const std::string& code) {
  for (const DeviceWarning& warning : WarningsOf(state, now, base::Language::kEnglish)) {
    if (warning.code == code) return !warning.text.empty();
  }
  return false;
}

BOOST_AUTO_TEST_SUITE(device)

BOOST_AUTO_TEST_CASE(AShiftBeginsWhenItIsFirstSeen) {
  DeviceState state;
  BOOST_TEST(Learn(InShift(3), kStart, &state));
  BOOST_TEST(!Learn(InShift(3), kStart + hours(5), &state));
  BOOST_TEST((state.shift_opened_at == kStart));
  BOOST_TEST(Learn(InShift(4), kStart + hours(6), &state));
  BOOST_TEST((state.shift_opened_at == kStart + hours(6)));
  DeviceNews opened;
  opened.shift_open = opened.shift_just_opened = true;
  BOOST_TEST(Learn(opened, kStart + hours(7), &state));
  BOOST_TEST((state.shift_opened_at == kStart + hours(7)));
}

BOOST_AUTO_TEST_CASE(AShiftThatIsOverIsAtLeastADayOld) {
  DeviceNews over;
  over.shift_over_24h = true;
  DeviceState fresh;
  BOOST_TEST(Learn(over, kStart, &fresh));
  BOOST_TEST((fresh.shift_state == ShiftState::kOpen));
  BOOST_TEST((fresh.shift_opened_at == kStart - hours(24)));
  BOOST_TEST(!Learn(over, kStart + hours(1), &fresh));
  DeviceState known;
  Learn(InShift(3), kStart - hours(1), &known);
  BOOST_TEST(Learn(over, kStart, &known));
  BOOST_TEST((known.shift_opened_at == kStart - hours(24)));
  BOOST_TEST(known.shift == 3);
}

BOOST_AUTO_TEST_CASE(AClosedShiftIsClosed) {
  DeviceState state;
  Learn(InShift(3), kStart, &state);
  DeviceNews closed;
  closed.shift_open = false;
  BOOST_TEST(Learn(closed, kStart, &state));
  BOOST_TEST((state.shift_state == ShiftState::kClosed));
  BOOST_TEST(!Warns(state, kStart + hours(48), "shift_old"));
  BOOST_TEST(!Learn(DeviceNews{}, kStart + hours(1), &state));
}

BOOST_AUTO_TEST_CASE(WarningsComeInTime) {
  DeviceState state;
  BOOST_TEST(WarningsOf(state, kStart, base::Language::kRussian).empty());
  Learn(InShift(3), kStart, &state);
  BOOST_TEST(!Warns(state, kStart + hours(23), "shift_old"));
  BOOST_TEST(Warns(state, kStart + hours(24), "shift_old"));
  DeviceNews news;
  news.fn_replace_1050 = news.fn_memory_1052 = news.ofd_timeout_1053 = true;
  news.unsent_1097 = 7;
  news.first_unsent_1098 = kStart;
  Learn(news, kStart, &state);
  BOOST_TEST(Warns(state, kStart, "fn_replace"));
  BOOST_TEST(Warns(state, kStart, "fn_memory"));
  BOOST_TEST(Warns(state, kStart, "ofd_timeout"));
  BOOST_TEST(!Warns(state, kStart + hours(24), "ofd_backlog"));
  BOOST_TEST(Warns(state, kStart + base::kOfdBacklogWarning, "ofd_backlog"));
  news.fn_exhausted_1051 = true;
  news.unsent_1097 = 0;
  Learn(news, kStart, &state);
  BOOST_TEST(Warns(state, kStart, "fn_exhausted"));
  BOOST_TEST(!Warns(state, kStart, "fn_replace"));  // the worse one says it
  BOOST_TEST(!Warns(state, kStart + hours(1000), "ofd_backlog"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::task
