// Groups, shifts and durations as typed and as shown.
#include "fcgi/admin/group_words.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/admin/checks.h"
#include "fcgi/admin/shift_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;

task::Register Till(task::RegisterKey key, const std::string& name) {
  task::Register r;
  r.key = key;
  r.name = name;
  r.kkt_token = base::Secret("token of " + name);
  return r;
}

task::Directory Three(const task::Group& group = {}) {
  task::Shop shop;
  shop.key = 7;
  shop.account_id = "shop-1";
  task::Register old = Till(3, "old");
  old.ffd_version = ffd::FfdVersion::k105;
  return task::Directory({shop}, {Till(1, "one"), Till(2, "two"), old}, 1, {group});
}

std::string Json(const std::function<void(base::JsonWriter*)>& write) {
  base::JsonWriter writer;
  write(&writer);
  return writer.Take();
}

base::Status Apply(const ShiftOptions& options, task::Register* r) {
  return ApplyShiftOptions(options, r);
}

BOOST_AUTO_TEST_SUITE(admin_group_words)

BOOST_AUTO_TEST_CASE(MembersAreNamedAndMustCheckAlike) {
  const task::Directory directory = Three();
  task::Group group;
  BOOST_TEST(LinkToGroup({"one", "two", "one"}, {"shop-1"}, directory, &group).ok());
  BOOST_TEST(group.members.size() == 2u);
  BOOST_TEST(group.shops.size() == 1u);
  BOOST_TEST((LinkToGroup({"old"}, {}, directory, &group).error().code == Code::kInvalid));
  BOOST_TEST((LinkToGroup({"none"}, {}, directory, &group).error().code == Code::kNotFound));
  BOOST_TEST((LinkToGroup({}, {"none"}, directory, &group).error().code == Code::kNotFound));
  BOOST_TEST(UnlinkFromGroup({"one", "old"}, {"shop-1"}, directory, &group).ok());
  BOOST_TEST(group.members.size() == 1u);
  BOOST_TEST(group.shops.empty());
}

BOOST_AUTO_TEST_CASE(AMemberStaysAsTheOthersAre) {
  task::Group group;
  group.members = {1, 2};
  const task::Directory directory = Three(group);
  task::Register changed = Till(1, "one");
  BOOST_TEST(CheckGroupsOf(changed, directory).ok());
  changed.taxation_mask = 1;
  BOOST_TEST((CheckGroupsOf(changed, directory).error().code == Code::kInvalid));
  changed = Till(1, "one");
  changed.deduplicating = true;
  BOOST_TEST((CheckGroupsOf(changed, directory).error().code == Code::kInvalid));
  changed = Till(3, "old");
  changed.taxation_mask = 1;
  BOOST_TEST(CheckGroupsOf(changed, directory).ok());
}

BOOST_AUTO_TEST_CASE(ATokenIsShownOnlyWhenAskedFor) {
  task::Group group;
  group.name = "hall";
  group.kkt_token = base::Secret("very secret");
  group.members = {2};
  group.shops = {7};
  const task::Directory directory = Three(group);
  const auto json = [&](bool reveal) {
    return Json([&](base::JsonWriter* w) { WriteGroup(group, directory, reveal, w); });
  };
  BOOST_TEST(json(false).find("very secret") == std::string::npos);
  BOOST_TEST(json(true).find("very secret") != std::string::npos);
  BOOST_TEST(GroupSheet(group, directory, false).find("very secret") == std::string::npos);
  BOOST_TEST(GroupSheet(group, directory, false).find("two") != std::string::npos);
  BOOST_TEST(GroupTable(directory).find("shop-1") != std::string::npos);
  BOOST_TEST(GroupToPaste(group).find("very secret") != std::string::npos);
  BOOST_TEST(FindGroup(directory, "hall").ok());
  BOOST_TEST((FindGroup(directory, "x").error().code == Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(DurationsHaveUnits) {
  const auto seconds = [](const std::string& text) {
    const auto read = ReadDuration("--deadline", text, 1'000'000);
    return read.ok() ? *read : -1;
  };
  BOOST_TEST(seconds("0") == 0);
  BOOST_TEST(seconds("45s") == 45);
  BOOST_TEST(seconds("90m") == 5400);
  BOOST_TEST(seconds("2h") == 7200);
  BOOST_TEST(seconds("1d") == 86400);
  for (const char* wrong :
       {"", "h", "2", "-1h", "2x", "2hh", "1h30m", "99999999999h", "1000001s"}) {
    BOOST_TEST(seconds(wrong) == -1, wrong);
  }
}

BOOST_AUTO_TEST_CASE(ShiftSettingsAreReadAndShown) {
  task::Register r = Till(1, "one");
  BOOST_TEST(Apply({"off", "23:50", "off", "+05:30", "Иванова"}, &r).ok());
  BOOST_TEST(!r.shift_guard);
  BOOST_TEST(r.shift_close_minute == 1430);
  BOOST_TEST(!r.shift_reopen);
  BOOST_TEST(r.utc_offset_minutes == 330);
  BOOST_TEST(r.shift_cashier == "Иванова");
  const std::string json = Json([&](base::JsonWriter* w) {
    w->BeginObject();
    WriteShiftSettings(r, w);
    w->EndObject();
  });
  BOOST_TEST(json.find(R"("shift_close":"23:50")") != std::string::npos);
  BOOST_TEST(json.find(R"("time_zone":"+05:30")") != std::string::npos);
  BOOST_TEST(Apply({{}, "off", {}, "-3", ""}, &r).ok());
  BOOST_TEST(r.shift_close_minute == -1);
  BOOST_TEST(r.utc_offset_minutes == -180);
  BOOST_TEST(r.shift_cashier.empty());
}

BOOST_AUTO_TEST_CASE(WrongShiftSettingsAreRefused) {
  task::Register r = Till(1, "one");
  const ShiftOptions wrong[] = {{"maybe", {}, {}, {}, {}},
                                {{}, "24:00", {}, {}, {}},
                                {{}, "9:00", {}, {}, {}},
                                {{}, "12:60", {}, {}, {}},
                                {{}, {}, "1", {}, {}},
                                {{}, {}, {}, "3", {}},
                                {{}, {}, {}, "+15", {}},
                                {{}, {}, {}, "MSK", {}},
                                {{}, {}, {}, {}, std::string(200, 'x')}};
  for (const ShiftOptions& options : wrong) {
    BOOST_TEST((Apply(options, &r).error().code == Code::kInvalid));
  }
}

BOOST_AUTO_TEST_CASE(ADeviceIsShownWithItsWarnings) {
  const base::WallTime now(std::chrono::hours(490'000));
  task::DeviceState state;
  state.shift_state = task::ShiftState::kOpen;
  state.shift = 12;
  state.shift_opened_at = now - std::chrono::hours(30);
  state.unsent_1097 = 4;
  const std::string sheet = DeviceSheet(&state, now);
  BOOST_TEST(sheet.find("open, 12") != std::string::npos);
  BOOST_TEST(sheet.find("warning") != std::string::npos);
  BOOST_TEST(DeviceSheet(nullptr, now) == "");
  const std::string json = Json([&](base::JsonWriter* w) { WriteDevice(&state, now, w); });
  BOOST_TEST(json.find(R"("code":"shift_old")") != std::string::npos);
  BOOST_TEST(json.find(R"("unsent_1097":4)") != std::string::npos);
  BOOST_TEST(Json([&](base::JsonWriter* w) { WriteDevice(nullptr, now, w); }) == "null");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::admin
