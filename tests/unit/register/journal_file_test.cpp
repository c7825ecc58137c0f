#include "lib/register/journal_file.h"

#include <signal.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::register_ {
namespace {

using Lines = std::vector<std::string>;

JournalFile::Replay Into(Lines* lines) {
  return [lines](std::string_view line) {
    if (line.starts_with("bad")) return false;
    lines->emplace_back(line);
    return true;
  };
}

std::string Content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void Put(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

// While it lives, no file grows over `bytes`: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    old_handler_ = signal(SIGXFSZ, SIG_IGN);
    BOOST_REQUIRE_EQUAL(getrlimit(RLIMIT_FSIZE, &old_), 0);
    const rlimit limited{bytes, old_.rlim_max};
    BOOST_REQUIRE_EQUAL(setrlimit(RLIMIT_FSIZE, &limited), 0);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  sighandler_t old_handler_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_file)

BOOST_AUTO_TEST_CASE(LinesComeBackInOrder) {
  const testing::TempDir dir;
  Lines lines;
  {
    auto file = JournalFile::Open(dir.File("j"), Into(&lines));
    BOOST_REQUIRE(file.ok());
    BOOST_TEST((*file)->Append("one").ok());
    BOOST_TEST((*file)->Append("two").ok());
  }
  BOOST_TEST(lines.empty());
  BOOST_REQUIRE(JournalFile::Open(dir.File("j"), Into(&lines)).ok());
  BOOST_TEST(lines == Lines({"one", "two"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(HalfALineAtTheEndIsCutOff) {
  const testing::TempDir dir;
  for (const std::string& torn :
       {std::string("one\ntw"), std::string("one\nbad\n"), std::string("one\n\0\0", 6)}) {
    Put(dir.File("j"), torn);
    Lines lines;
    auto file = JournalFile::Open(dir.File("j"), Into(&lines));
    BOOST_REQUIRE(file.ok());
    BOOST_TEST(lines == Lines({"one"}), boost::test_tools::per_element());
    BOOST_TEST((*file)->Append("two").ok());
    BOOST_TEST(Content(dir.File("j")) == "one\ntwo\n");
  }
}

BOOST_AUTO_TEST_CASE(ADamagedLineInTheMiddleIsNotSkipped) {
  const testing::TempDir dir;
  Put(dir.File("j"), "one\nbad\nthree\n");
  Lines lines;
  const auto file = JournalFile::Open(dir.File("j"), Into(&lines));
  BOOST_REQUIRE(!file.ok());
  BOOST_TEST((file.error().code == base::Code::kMalformed));
  BOOST_TEST(file.error().what.find(":2:") != std::string::npos);
  BOOST_TEST(Content(dir.File("j")) == "one\nbad\nthree\n");
}

BOOST_AUTO_TEST_CASE(ASecondOpenerIsRefused) {
  const testing::TempDir dir;
  Lines lines;
  const auto first = JournalFile::Open(dir.File("j"), Into(&lines));
  const auto second = JournalFile::Open(dir.File("j"), Into(&lines));
  BOOST_REQUIRE(!second.ok());
  BOOST_TEST((second.error().code == base::Code::kConflict));
}

BOOST_AUTO_TEST_CASE(AMissingFolderIsAnError) {
  const testing::TempDir dir;
  Lines lines;
  const auto file = JournalFile::Open(dir.File("no/j"), Into(&lines));
  BOOST_REQUIRE(!file.ok());
  BOOST_TEST((file.error().code == base::Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(AFullDiskLeavesNoHalfLine) {
  const testing::TempDir dir;
  Lines lines;
  auto file = JournalFile::Open(dir.File("j"), Into(&lines));
  BOOST_REQUIRE(file.ok());
  BOOST_REQUIRE((*file)->Append("one").ok());
  {
    const FullDisk full(10);
    const auto refused = (*file)->Append("a line that does not fit");
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == base::Code::kInternal));
    BOOST_TEST(Content(dir.File("j")) == "one\n");
  }
  BOOST_TEST((*file)->Append("two").ok());
  BOOST_TEST(Content(dir.File("j")) == "one\ntwo\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::register_
