// Every limit has a name, and its reason stands beside it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fiscalgate::base {

// Input from shops.
inline constexpr std::size_t kMaxBodyBytes = 1024 * 1024;  // nginx client_max_body_size is the same
inline constexpr std::size_t kMaxJsonBytes =
    256 * 1024;                           // 250 items with long names are under 200 KB
inline constexpr int kMaxJsonDepth = 16;  // a receipt needs 7
inline constexpr std::size_t kMaxJsonNodes = 50'000;
inline constexpr std::size_t kMaxFormFields = 64;
inline constexpr std::size_t kMaxOrderIdBytes = 128;
inline constexpr std::size_t kMaxUrlBytes = 2048;
inline constexpr std::size_t kMaxCommands = 32;  // in one package
inline constexpr std::size_t kMaxItems = 250;    // a 32,768 byte document holds about that many
inline constexpr std::size_t kMaxFaults = 500;   // reported for one package
inline constexpr std::int64_t kMaxKopecks = 9'999'999'999;  // 99,999,999.99 roubles
inline constexpr int kMaxQuantityPlaces = 6;                // tag 1023
inline constexpr std::int64_t kMaxQuantityMillionths = 281'474'976'710'655;  // tag 1023, 48 bits

// Requests served.
inline constexpr std::size_t kMaxParkedRequests = 20'000;
inline constexpr std::chrono::seconds kMaxWait{
    25};  // long poll; nginx fastcgi_read_timeout is 30 s
inline constexpr int kDefaultShopRatePerSecond = 100;  // accepted posts of one shop; 0 = no limit
inline constexpr std::size_t kMaxEventsPerPage = 500;

// Writes waiting for the group commit. A full inbox answers 503 with Retry-After.
inline constexpr std::size_t kMaxPendingWrites = 4096;
inline constexpr std::uint64_t kMinFreeDiskBytes =
    64ull * 1024 * 1024;  // below: new work is refused, old work goes on

// Calls out.
inline constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;  // of a register
inline constexpr std::size_t kMaxCallbackAnswerBytes = 64 * 1024;
inline constexpr std::size_t kKeptAnswerBytes = 2048;  // of a callback answer, for the operator
inline constexpr std::size_t kMaxCallbacksInFlight = 128;
inline constexpr std::size_t kMaxCallbacksInFlightPerShop = 2;
inline constexpr std::size_t kMaxErrorBytes = 500;  // of one stored error text

}  // namespace fiscalgate::base
