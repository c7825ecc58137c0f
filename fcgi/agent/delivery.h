// What became of a request to the driver. Plain values: any thread.
#pragma once

#include <cstdint>

namespace fiscalgate::agent {

// The numbers are in the journal.
enum class Delivery : std::uint8_t {
  kNotSent = 0,   // proven: no byte reached the driver
  kNoAnswer = 1,  // some may have
  kAnswered = 2,
};

const char* DeliveryName(Delivery delivery);  // as in the header Fiscalgate-Delivery

}  // namespace fiscalgate::agent
