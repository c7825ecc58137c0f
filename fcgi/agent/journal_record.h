// One record of the journal as bytes: a mark, the length, a checksum (CRC-32), the content. Pure
// functions: any thread. What is no whole record is told from what is no record of this version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fcgi/agent/delivery.h"

namespace fiscalgate::agent {

struct Record {
  enum class Kind : char {
    kInstance = 'I',   // the first of every journal; `lease` is the instance's name
    kBegun = 'B',      // the driver may see the request from now on
    kAnswer = 'A',     // what became of it
    kForgotten = 'F',  // the gateway has recorded it
  };
  Kind kind = Kind::kInstance;
  std::string lease;
  std::int64_t wall_ms = 0;
  Delivery delivery = Delivery::kNotSent;
  std::string error;
  std::string_view body;
};

inline constexpr std::size_t kFrameHeadBytes = 12;

std::string EncodeRecord(const Record& record);

// How many bytes the frame that begins here has in all; 0 if no frame begins here.
std::size_t FrameBytes(std::string_view head);
// Of a whole frame.
bool ChecksumHolds(std::string_view frame);
// `record->body` is a part of `frame`. False: of another version.
bool DecodeRecord(std::string_view frame, Record* record);

std::uint32_t Crc32(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace fiscalgate::agent
