#include "lib/task/task.h"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

namespace fiscalgate::task {
namespace {

constexpr State kStates[] = {State::kQueued, State::kSending, State::kWaiting,  State::kDone,
                             State::kFailed, State::kUnknown, State::kCancelled};

BOOST_AUTO_TEST_SUITE(task_test)

BOOST_AUTO_TEST_CASE(NamesReadBack) {
  std::set<std::string_view> names;
  for (const State state : kStates) {
    names.insert(StateName(state));
    BOOST_TEST((StateFromName(StateName(state)) == state));
  }
  BOOST_TEST(names.size() == std::size(kStates));
  BOOST_TEST(!StateFromName("lost").has_value());
  BOOST_TEST(!StateFromName("").has_value());
}

BOOST_AUTO_TEST_CASE(OnlyTheWaysOfTheDiagramAreAllowed) {
  const std::map<State, std::set<State>> ways = {
      {State::kQueued, {State::kSending, State::kCancelled, State::kDone, State::kFailed}},
      {State::kSending,
       {State::kWaiting, State::kDone, State::kFailed, State::kUnknown, State::kQueued}},
      {State::kWaiting, {State::kDone, State::kFailed, State::kUnknown}},
      {State::kUnknown, {State::kDone, State::kFailed, State::kQueued}},
      {State::kFailed, {State::kQueued}},
      {State::kDone, {}},
      {State::kCancelled, {}}};
  for (const State from : kStates) {
    for (const State to : kStates) {
      BOOST_TEST(IsAllowed(from, to) == ways.at(from).contains(to), StateName(from)
                                                                        << " -> " << StateName(to));
    }
  }
}

BOOST_AUTO_TEST_CASE(DoneFailedAndCancelledAreFinal) {
  for (const State state : kStates) {
    const bool expected =
        state == State::kDone || state == State::kFailed || state == State::kCancelled;
    BOOST_TEST(IsFinal(state) == expected, StateName(state));
  }
}

BOOST_AUTO_TEST_CASE(OtherWordsHaveNames) {
  BOOST_TEST(CommandStateName(CommandState::kNotRun) == "not_run");
  BOOST_TEST(CommandStateName(CommandState::kDone) == "done");
  BOOST_TEST(AttemptKindName(AttemptKind::kSend) == "send");
  BOOST_TEST(AttemptKindName(AttemptKind::kAsk) == "ask");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::task
