#include "fcgi/agent/journal.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "fcgi/agent/limits.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::agent {
namespace {

using Opened = Journal::Opened;
using testing::ReadFile;
using testing::TempDir;
using testing::WriteFile;

constexpr char kReason[] = "went down";

// What is held, in one line: "lease:delivery:error:body ".
std::string Shown(Journal& journal) {
  std::string text;
  for (const Held& held : journal.held()) {
    std::string body;
    BOOST_REQUIRE(journal.ReadBody(held, &body));
    text += held.lease + ":" + (held.answered ? DeliveryName(held.delivery) : "begun") + ":" +
            held.error + ":" + body + " ";
  }
  return text;
}

std::string Reopened(const std::string& folder, Opened expected = Opened::kReady) {
  Journal journal;
  BOOST_TEST((journal.Open(folder, kReason) == expected));
  return Shown(journal);
}

BOOST_AUTO_TEST_SUITE(agent_journal)

BOOST_AUTO_TEST_CASE(InstanceIsMintedOnceWithTheJournal) {
  TempDir folder;
  Journal first, second;
  BOOST_TEST((first.Open(folder.path(), kReason) == Opened::kMinted));
  BOOST_TEST(first.instance().size() == 26u);
  BOOST_TEST((second.Open(folder.path(), kReason) == Opened::kReady));
  BOOST_TEST(second.instance() == first.instance());
  struct stat about {};
  BOOST_REQUIRE(::stat(folder.File("journal").c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(WhatWasBegunWithoutAnAnswerIsNoAnswer) {
  TempDir folder;
  {
    Journal journal;
    journal.Open(folder.path(), kReason);
    BOOST_TEST(journal.Begin("one", 1));
    BOOST_TEST(Shown(journal) == "one:begun:: ");
  }
  BOOST_TEST(Reopened(folder.path()) == "one:no_answer:went down: ");
  BOOST_TEST(Reopened(folder.path()) == "one:no_answer:went down: ");
}

BOOST_AUTO_TEST_CASE(AnswersStayUntilTheyAreForgotten) {
  TempDir folder;
  Journal journal;
  journal.Open(folder.path(), kReason);
  const std::string body("a\0b\r\n", 5);
  BOOST_TEST(journal.Begin("one", 1));
  BOOST_TEST(journal.Answer("one", 2, Delivery::kAnswered, "", body));
  BOOST_TEST(journal.Answer("two", 3, Delivery::kNotSent, "off", ""));
  BOOST_TEST(Reopened(folder.path()) == "one:answered::" + body + " two:not_sent:off: ");
  BOOST_TEST(journal.Forget("one", 4));
  BOOST_TEST(Reopened(folder.path()) == "two:not_sent:off: ");
  BOOST_TEST(journal.Knows("one"));
  BOOST_TEST(journal.Knows("two"));
  BOOST_TEST(!journal.Knows("three"));
}

// A power cut leaves any part of the last record.
BOOST_AUTO_TEST_CASE(TornRecordIsDropped) {
  TempDir folder;
  const std::string path = folder.File("journal");
  std::string before, after;
  {
    Journal journal;
    journal.Open(folder.path(), kReason);
    journal.Answer("one", 1, Delivery::kAnswered, "", "first");
    before = ReadFile(path);
    journal.Answer("two", 2, Delivery::kAnswered, "", "second");
    after = ReadFile(path);
  }
  for (std::size_t size = before.size(); size < after.size(); ++size) {
    for (const std::string& tail : {std::string(), std::string(100, '\0'), std::string(9, 'F')}) {
      WriteFile(path, after.substr(0, size) + tail);
      BOOST_TEST(Reopened(folder.path()) == "one:answered::first ");
      Journal journal;
      journal.Open(folder.path(), kReason);
      BOOST_TEST(journal.Begin("three", 3));
      BOOST_TEST(Reopened(folder.path()) == "one:answered::first three:no_answer:went down: ");
    }
  }
}

BOOST_AUTO_TEST_CASE(DamageInTheMiddleMintsAnotherInstance) {
  TempDir folder;
  const std::string path = folder.File("journal");
  std::string whole, instance;
  {
    Journal journal;
    journal.Open(folder.path(), kReason);
    instance = journal.instance();
    journal.Begin("one", 1);
    journal.Begin("two", 2);
    whole = ReadFile(path);
  }
  const std::size_t last = whole.rfind("FGj");
  for (std::size_t at = 0; at < last; at += 5) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    WriteFile(path, damaged);
    Journal journal;
    BOOST_TEST((journal.Open(folder.path(), kReason) == Opened::kMintedAgain), "byte " << at);
    BOOST_TEST(journal.instance() != instance);
    BOOST_TEST(journal.held().empty());
  }
  BOOST_TEST(ReadFile(folder.File("journal.damaged")).size() == whole.size());
}

BOOST_AUTO_TEST_CASE(JournalOfAnotherVersionIsNotTouched) {
  TempDir folder;
  {
    Journal journal;
    journal.Open(folder.path(), kReason);
  }
  const std::string path = folder.File("journal");
  std::string content =
      "Z\x01"
      "a";
  std::string frame("FGj\x01", 4);
  const std::string length("\x03\0\0\0", 4);
  frame += length;
  const std::uint32_t crc = Crc32(content, Crc32(length));
  for (int i = 0; i < 4; ++i) frame += static_cast<char>((crc >> (8 * i)) & 255);
  const std::string newer = ReadFile(path) + frame + content;
  WriteFile(path, newer);
  Journal journal;
  BOOST_TEST((journal.Open(folder.path(), kReason) == Opened::kFailed));
  BOOST_TEST(!journal.error().empty());
  BOOST_TEST(ReadFile(path) == newer);
}

BOOST_AUTO_TEST_CASE(EmptyJournalIsCutAndRemembersItsLeases) {
  TempDir folder;
  Journal journal;
  journal.Open(folder.path(), kReason);
  const std::string body(100'000, 'x');
  for (int i = 0; i < 4; ++i) {
    const std::string lease = "lease" + std::to_string(i);
    journal.Answer(lease, i, Delivery::kAnswered, "", body);
    journal.Forget(lease, i);
  }
  BOOST_TEST(journal.bytes() > kTrimBytes);
  BOOST_TEST(journal.Compact());
  BOOST_TEST(journal.bytes() < 1000);
  Journal again;
  BOOST_TEST((again.Open(folder.path(), kReason) == Opened::kReady));
  BOOST_TEST(again.instance() == journal.instance());
  BOOST_TEST(again.Knows("lease3"));
  BOOST_TEST(journal.Begin("next", 9));
  BOOST_TEST(Reopened(folder.path()) == "next:no_answer:went down: ");
}

BOOST_AUTO_TEST_CASE(LongJournalIsRewrittenWithWhatIsHeld) {
  TempDir folder;
  Journal journal;
  journal.Open(folder.path(), kReason);
  const std::string body(kMaxAnswerBytes, 'x');
  journal.Answer("kept", 1, Delivery::kAnswered, "", "small");
  for (int i = 0; journal.bytes() <= kRewriteBytes; ++i) {
    journal.Answer("lease", i, Delivery::kAnswered, "", body);
    journal.Forget("lease", i);
  }
  WriteFile(folder.File("journal.new"), "of a rewriting that was cut off");
  BOOST_TEST(journal.Compact());
  BOOST_TEST(journal.bytes() < 1000);
  BOOST_TEST(Shown(journal) == "kept:answered::small ");
  BOOST_TEST(journal.Begin("next", 9));
  BOOST_TEST(Reopened(folder.path()) == "kept:answered::small next:no_answer:went down: ");
}

BOOST_AUTO_TEST_CASE(JournalThatVanishedTakesNothing) {
  TempDir folder;
  Journal journal;
  BOOST_TEST((journal.Open(folder.File("no/such"), kReason) == Opened::kFailed));
  BOOST_TEST(!journal.Begin("one", 1));
  BOOST_TEST(!journal.Answer("one", 1, Delivery::kAnswered, "", "body"));
  BOOST_TEST(Shown(journal) == "one:answered::body ");  // in memory, to be reported all the same
  BOOST_TEST(!journal.Persist());
}

BOOST_AUTO_TEST_CASE(LookingChangesNothing) {
  TempDir folder;
  Journal journal;
  journal.Open(folder.path(), kReason);
  journal.Begin("one", 1);
  const std::string before = ReadFile(folder.File("journal"));
  Journal look;
  BOOST_TEST(look.Look(folder.path()));
  BOOST_TEST(look.held().size() == 1u);
  BOOST_TEST(!look.held()[0].answered);
  BOOST_TEST(ReadFile(folder.File("journal")) == before);
  BOOST_TEST(!look.Look(folder.File("nowhere")));
}

BOOST_AUTO_TEST_CASE(ChecksumIsTheUsualOne) { BOOST_TEST(Crc32("123456789") == 0xCBF43926u); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::agent
