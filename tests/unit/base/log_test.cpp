#include "lib/base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "lib/base/json.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::log {
namespace {

using testing::ReadFile;
using testing::TempDir;

// Leaves the log as the other tests expect it: on standard error.
struct BackToStderr {
  ~BackToStderr() { BOOST_TEST(Open("stderr", Level::kInfo).ok()); }
};

std::vector<std::string> Lines(const std::string& path) {
  std::istringstream text(ReadFile(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

BOOST_FIXTURE_TEST_SUITE(log_test, BackToStderr)

BOOST_AUTO_TEST_CASE(EachLineIsOneObject) {
  const TempDir folder;
  BOOST_REQUIRE(Open(folder.File("log"), Level::kInfo).ok());
  Info("task_accepted", {{"task", "id \"1\"\n"}, {"size", 17}, {"order", std::string("Я")}});
  Flush();
  const auto lines = Lines(folder.File("log"));
  BOOST_REQUIRE(lines.size() == 1u);
  const auto line = base::ParseJson(lines[0]);
  BOOST_REQUIRE(line.ok());
  BOOST_TEST(line->root().FindText("time").size() == 24u);
  BOOST_TEST(line->root().FindText("level") == "info");
  BOOST_TEST(line->root().FindText("event") == "task_accepted");
  BOOST_TEST(line->root().FindText("task") == "id \"1\"\n");
  BOOST_TEST(line->root().Find("size")->text == "17");
  BOOST_TEST(line->root().FindText("order") == "Я");
}

BOOST_AUTO_TEST_CASE(LowerLevelsAreNotWritten) {
  const TempDir folder;
  BOOST_REQUIRE(Open(folder.File("log"), Level::kWarn).ok());
  Debug("a");
  Info("b");
  Warn("c");
  SetLevel(Level::kDebug);
  Debug("d");
  Flush();
  const auto lines = Lines(folder.File("log"));
  BOOST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(lines[0].find("\"event\":\"c\"") != std::string::npos);
  BOOST_TEST(lines[1].find("\"event\":\"d\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(WarningsAreWrittenAtOnce) {
  const TempDir folder;
  BOOST_REQUIRE(Open(folder.File("log"), Level::kInfo).ok());
  Info("before");
  Warn("now");
  BOOST_TEST(Lines(folder.File("log")).size() == 2u);
}

BOOST_AUTO_TEST_CASE(OpenedAgainItGoesOnInTheNewFile) {
  const TempDir folder;
  BOOST_REQUIRE(Open(folder.File("log"), Level::kInfo).ok());
  Info("one");
  std::filesystem::rename(folder.File("log"), folder.File("log.1"));
  BOOST_REQUIRE(Open(folder.File("log"), Level::kInfo).ok());
  Info("two");
  Flush();
  BOOST_TEST(Lines(folder.File("log.1")).size() == 1u);
  BOOST_TEST(Lines(folder.File("log")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(StandardErrorMayBeAPipe) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const int saved = ::dup(STDERR_FILENO);
  BOOST_REQUIRE(Open("stderr", Level::kInfo).ok());
  BOOST_REQUIRE(::dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
  Warn("into_the_pipe");
  ::dup2(saved, STDERR_FILENO);
  ::close(ends[1]);
  char text[4096];
  const ssize_t size = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ::close(saved);
  BOOST_REQUIRE(size > 0);
  BOOST_TEST(std::string(text, static_cast<std::size_t>(size)).find("into_the_pipe") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(LinesOfManyThreadsDoNotMix) {
  const TempDir folder;
  BOOST_REQUIRE(Open(folder.File("log"), Level::kInfo).ok());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i) Info("line", {{"thread", t}, {"number", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  Flush();
  const auto lines = Lines(folder.File("log"));
  BOOST_TEST(lines.size() == 2000u);
  for (const std::string& line : lines) BOOST_REQUIRE(base::ParseJson(line).ok());
}

BOOST_AUTO_TEST_CASE(AFileThatCannotBeOpenedIsAnError) {
  const auto status = Open("/nonexistent/folder/log", Level::kInfo);
  BOOST_REQUIRE(!status.ok());
  BOOST_TEST((status.error().code == base::Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(LevelsHaveNames) {
  BOOST_TEST((ParseLevel("debug").value() == Level::kDebug));
  BOOST_TEST((ParseLevel("error").value() == Level::kError));
  BOOST_TEST(!ParseLevel("loud").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::log
