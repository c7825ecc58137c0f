#include "lib/task/device.h"

#include <utility>

#include "lib/base/limits.h"

namespace fiscalgate::task {
namespace {

using base::Language;
using std::chrono::hours;

void LearnShift(const DeviceNews& news, base::WallTime at, DeviceState* state) {
  if (news.shift_open == false) {
    state->shift_state = ShiftState::kClosed;
    if (news.shift) state->shift = *news.shift;
    return;
  }
  if (news.shift_over_24h) {
    if (state->shift_state != ShiftState::kOpen) state->shift_opened_at = at;
    state->shift_state = ShiftState::kOpen;
    state->shift_opened_at = std::min(state->shift_opened_at, at - base::kMaxShiftAge);
    return;
  }
  const bool another = news.shift && *news.shift != state->shift;
  if (!news.shift_open && !news.shift) return;
  if (state->shift_state != ShiftState::kOpen || another || news.shift_just_opened) {
    state->shift_opened_at = at;
  }
  state->shift_state = ShiftState::kOpen;
  if (news.shift) state->shift = *news.shift;
}

std::int64_t Whole(base::Milliseconds time, base::Milliseconds unit) { return time / unit; }

std::string Say(Language language, std::string_view english, std::string_view russian) {
  return std::string(language == Language::kEnglish ? english : russian);
}

void WarnOfDrive(const DeviceState& state, Language language, std::vector<DeviceWarning>* out) {
  if (state.fn_exhausted_1051) {
    out->push_back(
        {"fn_exhausted", Say(language, "the term of the fiscal drive is over: replace it now",
                             "срок фискального накопителя исчерпан: замените его сейчас")});
  } else if (state.fn_replace_1050) {
    out->push_back({"fn_replace", Say(language, "replace the fiscal drive within days",
                                      "требуется срочная замена фискального накопителя")});
  }
  if (state.fn_memory_1052) {
    out->push_back({"fn_memory", Say(language, "the memory of the fiscal drive is nearly full",
                                     "память фискального накопителя почти заполнена")});
  }
}

void WarnOfOfd(const DeviceState& state, base::WallTime now, Language language,
               std::vector<DeviceWarning>* out) {
  if (state.ofd_timeout_1053) {
    out->push_back(
        {"ofd_timeout", Say(language, "the OFD does not answer", "ОФД не отвечает кассе")});
  }
  if (!state.first_unsent_1098 || state.unsent_1097.value_or(0) == 0) return;
  const base::Milliseconds age = now - *state.first_unsent_1098;
  if (age < base::kOfdBacklogWarning) return;
  const std::string days = std::to_string(Whole(age, hours(24)));
  const std::string limit = std::to_string(Whole(base::kMaxOfdBacklog, hours(24)));
  const std::string count = std::to_string(*state.unsent_1097);
  out->push_back({"ofd_backlog", language == Language::kEnglish
                                     ? count + " documents not sent to the OFD, the oldest for " +
                                           days + " days; after " + limit + " the register stops"
                                     : "не передано в ОФД документов: " + count +
                                           ", самому старому " + days + " дн.; через " + limit +
                                           " дн. касса остановится"});
}

}  // namespace

bool Learn(const DeviceNews& news, base::WallTime at, DeviceState* state) {
  const DeviceState before = *state;
  LearnShift(news, at, state);
  const auto take = [](const auto& from, auto* to) {
    if (from) *to = *from;
  };
  take(news.fn_replace_1050, &state->fn_replace_1050);
  take(news.fn_exhausted_1051, &state->fn_exhausted_1051);
  take(news.fn_memory_1052, &state->fn_memory_1052);
  take(news.ofd_timeout_1053, &state->ofd_timeout_1053);
  if (news.unsent_1097) {
    state->unsent_1097 = news.unsent_1097;
    state->first_unsent_1098 = news.first_unsent_1098;
    if (*news.unsent_1097 == 0) state->first_unsent_1098.reset();
  }
  if (*state == before) return false;
  state->told_at = at;
  return true;
}

std::vector<DeviceWarning> WarningsOf(const DeviceState& state, base::WallTime now,
                                      Language language) {
  std::vector<DeviceWarning> out;
  WarnOfDrive(state, language, &out);
  WarnOfOfd(state, now, language, &out);
  if (state.shift_state == ShiftState::kOpen &&
      now - state.shift_opened_at >= base::kShiftGuardAge) {
    out.push_back({"shift_old", Say(language, "the shift is nearly 24 hours old or older",
                                    "смена открыта почти 24 часа или дольше")});
  }
  return out;
}

}  // namespace fiscalgate::task
