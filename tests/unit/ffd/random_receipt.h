// Random receipts that are valid, and what they come to, reckoned slowly and another way. One
// thread; the same seed gives the same receipts.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>

namespace fiscalgate::ffd::testing {

using Random = std::mt19937_64;

// Both ends count.
std::int64_t Pick(Random& random, std::int64_t low, std::int64_t high);

struct RandomReceipt {
  std::string json;
  std::int64_t total = 0;                   // kopecks
  std::array<std::int64_t, 13> turnover{};  // by rate
};
// Valid in FFD 1.2 on the first of February 2026.
RandomReceipt MakeRandomReceipt(Random& random);

// The digits multiplied one by one, then half up.
std::int64_t SlowProduct(std::int64_t kopecks, std::int64_t millionths);
// The tax in `sum` at `percent`, found by trying from below.
std::int64_t SlowVat(std::int64_t sum, int percent);

}  // namespace fiscalgate::ffd::testing
