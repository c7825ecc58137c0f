#include "fcgi/agent/journal_record.h"

#include <array>

#include "fcgi/agent/limits.h"

namespace fiscalgate::agent {
namespace {

constexpr std::string_view kMark("FGj\x01", 4);
constexpr std::size_t kMaxContent = kMaxAnswerBytes + 4096;

void Put(std::string* bytes, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) *bytes += static_cast<char>((value >> (8 * i)) & 255);
}

std::uint64_t Get(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

bool Take(std::string_view* bytes, std::size_t count, std::string_view* part) {
  if (bytes->size() < count) return false;
  *part = bytes->substr(0, count);
  bytes->remove_prefix(count);
  return true;
}

constexpr std::array<std::uint32_t, 256> CrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xEDB88320u : 0);
    table[i] = value;
  }
  return table;
}

bool IsKind(char c) { return c == 'I' || c == 'B' || c == 'A' || c == 'F'; }

}  // namespace

std::uint32_t Crc32(std::string_view bytes, std::uint32_t crc) {
  static constexpr std::array<std::uint32_t, 256> kTable = CrcTable();
  crc = ~crc;
  for (const char c : bytes) {
    crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 255] ^ (crc >> 8);
  }
  return ~crc;
}

const char* DeliveryName(Delivery delivery) {
  switch (delivery) {
    case Delivery::kNotSent:
      return "not_sent";
    case Delivery::kNoAnswer:
      return "no_answer";
    case Delivery::kAnswered:
      return "answered";
  }
  return "no_answer";
}

std::string EncodeRecord(const Record& record) {
  std::string content;
  content.reserve(64 + record.lease.size() + record.error.size() + record.body.size());
  content += static_cast<char>(record.kind);
  Put(&content, record.lease.size(), 1);
  content += record.lease;
  Put(&content, static_cast<std::uint64_t>(record.wall_ms), 8);
  if (record.kind == Record::Kind::kAnswer) {
    Put(&content, static_cast<std::uint64_t>(record.delivery), 1);
    Put(&content, record.error.size(), 2);
    content += record.error;
    content += record.body;
  }
  std::string length;
  Put(&length, content.size(), 4);
  std::string frame(kMark);
  frame += length;
  Put(&frame, Crc32(content, Crc32(length)), 4);
  frame += content;
  return frame;
}

std::size_t FrameBytes(std::string_view head) {
  if (head.size() < kFrameHeadBytes || !head.starts_with(kMark)) return 0;
  const auto length = static_cast<std::size_t>(Get(head.substr(4, 4)));
  return length > kMaxContent ? 0 : kFrameHeadBytes + length;
}

bool ChecksumHolds(std::string_view frame) {
  return Crc32(frame.substr(kFrameHeadBytes), Crc32(frame.substr(4, 4))) == Get(frame.substr(8, 4));
}

bool DecodeRecord(std::string_view frame, Record* record) {
  std::string_view rest = frame.substr(kFrameHeadBytes), part;
  if (!Take(&rest, 1, &part) || !IsKind(part[0])) return false;
  record->kind = static_cast<Record::Kind>(part[0]);
  if (!Take(&rest, 1, &part) || !Take(&rest, Get(part), &part)) return false;
  record->lease = part;
  if (!Take(&rest, 8, &part)) return false;
  record->wall_ms = static_cast<std::int64_t>(Get(part));
  if (record->kind != Record::Kind::kAnswer) return rest.empty();
  if (!Take(&rest, 1, &part) || Get(part) > 2) return false;
  record->delivery = static_cast<Delivery>(Get(part));
  if (!Take(&rest, 2, &part) || !Take(&rest, Get(part), &part)) return false;
  record->error = part;
  record->body = rest;
  return true;
}

}  // namespace fiscalgate::agent
