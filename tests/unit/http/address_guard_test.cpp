#include "lib/http/address_guard.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>

namespace fiscalgate::http {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(http_address_guard)

const char* const kDenied[] = {"0.0.0.0",
                               "0.255.255.255",
                               "10.0.0.1",
                               "10.255.255.255",
                               "100.64.0.1",
                               "100.127.255.255",
                               "127.0.0.1",
                               "127.255.255.254",
                               "169.254.169.254",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.0.0.1",
                               "192.0.2.1",
                               "192.88.99.1",
                               "192.168.0.1",
                               "198.18.0.1",
                               "198.19.255.255",
                               "198.51.100.1",
                               "203.0.113.1",
                               "224.0.0.1",
                               "239.255.255.255",
                               "240.0.0.1",
                               "255.255.255.255",
                               "::",
                               "::1",
                               "::ffff:127.0.0.1",
                               "::ffff:8.8.8.8",
                               "::8.8.8.8",
                               "64:ff9b::7f00:1",
                               "64:ff9b::808:808",
                               "64:ff9b:1::1",
                               "100::1",
                               "fc00::1",
                               "fd00::1",
                               "fe80::1",
                               "fe80::1%eth0",
                               "fec0::1",
                               "ff02::1",
                               "2001::1",
                               "2001:0:53aa:64c::1",
                               "2001:1ff::1",
                               "2001:db8::1",
                               "2002:7f00:1::1",
                               "2002:808:808::1",
                               "3fff::1",
                               "3fff:fff::1",
                               "4000::1",
                               "5f00::1",
                               "not an address",
                               "",
                               "127.1",
                               "2130706433"};

BOOST_DATA_TEST_CASE(WhatIsNotPublicUnicastIsDenied, data::make(kDenied)) {
  BOOST_TEST(!AddressGuard().AllowsText(sample));
}

const char* const kPublic[] = {
    "1.1.1.1",         "8.8.8.8",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
    "100.128.0.0",     "126.255.255.255", "128.0.0.0",       "169.253.255.255", "169.255.0.0",
    "172.15.255.255",  "172.32.0.0",      "192.0.1.0",       "192.0.3.0",       "192.88.98.255",
    "192.167.255.255", "192.169.0.0",     "198.17.255.255",  "198.20.0.0",      "223.255.255.255",
    "2000::1",         "2001:200::1",     "2001:4860::8888", "2a00:1450::1",    "3ffe::1",
    "2003::1"};

BOOST_DATA_TEST_CASE(PublicUnicastIsAllowed, data::make(kPublic)) {
  BOOST_TEST(AddressGuard().AllowsText(sample));
}

BOOST_AUTO_TEST_CASE(AllowedNetworkIsLetThroughAndNothingMore) {
  const auto guard = AddressGuard::WithAllowed({"127.0.0.0/8", "fd00:1::/32", "10.1.2.3"});
  BOOST_REQUIRE(guard.ok());
  BOOST_TEST(guard->AllowsText("127.8.9.10"));
  BOOST_TEST(guard->AllowsText("::ffff:127.0.0.1"));  // the same host, written as IPv6
  BOOST_TEST(guard->AllowsText("fd00:1:2::3"));
  BOOST_TEST(guard->AllowsText("10.1.2.3"));
  BOOST_TEST(guard->AllowsText("8.8.8.8"));
  BOOST_TEST(!guard->AllowsText("10.1.2.4"));
  BOOST_TEST(!guard->AllowsText("fd00:2::1"));
  BOOST_TEST(!guard->AllowsText("::1"));
}

BOOST_AUTO_TEST_CASE(PrefixesThatEndWithinAByteAreExact) {
  const auto guard = AddressGuard::WithAllowed({"10.16.0.0/12"});
  BOOST_TEST(guard->AllowsText("10.31.255.255"));
  BOOST_TEST(!guard->AllowsText("10.32.0.0"));
  BOOST_TEST(!guard->AllowsText("10.15.255.255"));
}

BOOST_AUTO_TEST_CASE(ZeroPrefixIsTheWholeFamily) {
  const auto guard = AddressGuard::WithAllowed({"0.0.0.0/0"});
  BOOST_TEST(guard->AllowsText("192.168.1.1"));
  BOOST_TEST(!guard->AllowsText("fd00::1"));
}

const char* const kNotNetworks[] = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x",
                                    "::/129",      "10/8",        "shop",      ""};

BOOST_DATA_TEST_CASE(NetworkThatCannotBeReadIsNamed, data::make(kNotNetworks)) {
  const auto guard = AddressGuard::WithAllowed({"127.0.0.0/8", sample});
  BOOST_REQUIRE(!guard.ok());
  BOOST_TEST((guard.error().code == base::Code::kMalformed));
  BOOST_TEST(guard.error().what.find(sample) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(PrivilegedPortsOtherThanTheWebsAreDenied) {
  const AddressGuard guard;
  BOOST_TEST(guard.AllowsText("8.8.8.8", 80));
  BOOST_TEST(guard.AllowsText("8.8.8.8", 1024));
  BOOST_TEST(!guard.AllowsText("8.8.8.8", 25));
  BOOST_TEST(!guard.AllowsText("8.8.8.8", 1023));
  BOOST_TEST(AddressGuard::WithAllowed({"10.0.0.0/8"})->AllowsText("10.0.0.1", 81));
}

BOOST_AUTO_TEST_CASE(AllowAllLetsEverythingThrough) {
  const auto guard = AddressGuard::AllowAll();
  BOOST_TEST(guard.AllowsText("127.0.0.1", 81));
  BOOST_TEST(guard.AllowsText("::1"));
}

BOOST_AUTO_TEST_CASE(UnknownFamilyIsDenied) {
  sockaddr_storage address{};
  address.ss_family = AF_UNIX;
  BOOST_TEST(!AddressGuard().Allows(reinterpret_cast<const sockaddr&>(address)));
}

BOOST_AUTO_TEST_CASE(AddressesOfThisMachineAreDenied) {
  ifaddrs* list = nullptr;
  BOOST_REQUIRE(getifaddrs(&list) == 0);
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  int seen = 0;
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    if (item->ifa_addr == nullptr || item->ifa_addr->sa_family != AF_INET) continue;
    BOOST_TEST(!AddressGuard().Allows(*item->ifa_addr));
    ++seen;
  }
  BOOST_TEST(seen > 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
