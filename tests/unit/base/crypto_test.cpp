#include "lib/base/crypto.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "lib/base/text.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::base {
namespace {

using testing::TempDir;

BOOST_AUTO_TEST_SUITE(crypto_test)

BOOST_AUTO_TEST_CASE(DigestsHaveTheirTestVectors) {
  BOOST_TEST(Md5Hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(Md5Hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(HexEncode(Sha256("abc")) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2.
  BOOST_TEST(HexEncode(HmacSha256("Jefe", "what do ya want for nothing?")) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_AUTO_TEST_CASE(RandomBytesDiffer) {
  BOOST_TEST(RandomBytes(0).empty());
  BOOST_TEST(RandomBytes(1000).size() == 1000u);
  BOOST_TEST(RandomBytes(16) != RandomBytes(16));
}

BOOST_AUTO_TEST_CASE(ConstantTimeEqualIsEqual) {
  BOOST_TEST(ConstantTimeEqual("", ""));
  BOOST_TEST(ConstantTimeEqual("abc", "abc"));
  BOOST_TEST(!ConstantTimeEqual("abc", "abd"));
  BOOST_TEST(!ConstantTimeEqual("xbc", "abc"));
  BOOST_TEST(!ConstantTimeEqual("abc", "ab"));
}

BOOST_AUTO_TEST_CASE(SealedOpensOnlyAtItsPlaceWithItsKey) {
  const KeyRing keys = KeyRing::FromBytes(std::string(32, 'k'));
  const std::string sealed = keys.Seal(Secret("integrity code"), "shop/7/code");
  BOOST_TEST(sealed.find("integrity") == std::string::npos);
  BOOST_TEST(keys.Open(sealed, "shop/7/code").value().Reveal() == "integrity code");
  BOOST_TEST(!keys.Open(sealed, "shop/8/code").ok());
  BOOST_TEST(!KeyRing::FromBytes(std::string(32, 'q')).Open(sealed, "shop/7/code").ok());
  BOOST_TEST(keys.Open(keys.Seal(Secret(), "p"), "p").value().empty());
}

BOOST_AUTO_TEST_CASE(AnyChangedByteOfASealedValueIsSeen) {
  const KeyRing keys = KeyRing::FromBytes(std::string(32, 'k'));
  const std::string sealed = keys.Seal(Secret("code"), "p");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    BOOST_TEST(!keys.Open(changed, "p").ok());
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    BOOST_TEST(!keys.Open(sealed.substr(0, size), "p").ok());
  }
}

BOOST_AUTO_TEST_CASE(SealingTwiceGivesDifferentText) {
  const KeyRing keys = KeyRing::FromBytes(std::string(32, 'k'));
  BOOST_TEST(keys.Seal(Secret("code"), "p") != keys.Seal(Secret("code"), "p"));
}

BOOST_AUTO_TEST_CASE(FingerprintDependsOnKeyAndToken) {
  const KeyRing keys = KeyRing::FromBytes(std::string(32, 'k'));
  BOOST_TEST(keys.Fingerprint("token").size() == 32u);
  BOOST_TEST(keys.Fingerprint("token") == keys.Fingerprint("token"));
  BOOST_TEST(keys.Fingerprint("token") != keys.Fingerprint("other"));
  BOOST_TEST(keys.Fingerprint("token") !=
             KeyRing::FromBytes(std::string(32, 'q')).Fingerprint("token"));
}

BOOST_AUTO_TEST_CASE(BlocksComeBack) {
  const KeyRing keys = KeyRing::FromBytes(std::string(32, 'k'));
  const std::string block = RandomBytes(16);
  BOOST_TEST(keys.EncryptBlock(block) != block);
  BOOST_TEST(keys.DecryptBlock(keys.EncryptBlock(block)) == block);
}

BOOST_AUTO_TEST_CASE(CreatedKeyFileLoadsAndIsNeverOverwritten) {
  const TempDir folder;
  const std::string path = folder.File("key");
  BOOST_REQUIRE(KeyRing::Create(path).ok());
  struct stat status;
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  const auto keys = KeyRing::Load(path);
  BOOST_REQUIRE(keys.ok());
  const std::string sealed = keys->Seal(Secret("code"), "p");
  const Status again = KeyRing::Create(path);
  BOOST_REQUIRE(!again.ok());
  BOOST_TEST((again.error().code == Code::kConflict));
  BOOST_TEST(KeyRing::Load(path).value().Open(sealed, "p").value().Reveal() == "code");
}

BOOST_AUTO_TEST_CASE(KeyFileThatOthersMayTouchIsRefused) {
  const TempDir folder;
  const std::string path = folder.File("key");
  BOOST_REQUIRE(KeyRing::Create(path).ok());
  const std::pair<mode_t, bool> kModes[] = {{0600, true},  {0400, true},  {0640, true},
                                            {0660, false}, {0644, false}, {0602, false}};
  for (const auto& [mode, loads] : kModes) {
    BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
    const auto keys = KeyRing::Load(path);
    BOOST_TEST(keys.ok() == loads);
    if (!keys.ok()) BOOST_TEST((keys.error().code == Code::kForbidden));
  }
}

BOOST_AUTO_TEST_CASE(BadKeyFilesAreNamedButNotQuoted) {
  const TempDir folder;
  const auto missing = KeyRing::Load(folder.File("none"));
  BOOST_REQUIRE(!missing.ok());
  BOOST_TEST((missing.error().code == Code::kNotFound));
  const std::string path = folder.File("key");
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'x')}) {
    testing::WriteFile(path, text);
    BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
    const auto keys = KeyRing::Load(path);
    BOOST_REQUIRE(!keys.ok());
    BOOST_TEST((keys.error().code == Code::kMalformed));
    BOOST_TEST(keys.error().what.find("aaaa") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
