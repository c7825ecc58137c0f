// The size of a receipt as a register stores it: FFD's TLV (tag and length of two bytes each, low
// byte first, then the value). Counted without building anything; the encoder builds it, and the
// tests hold one to the other. Pure; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "lib/ffd/cp866.h"
#include "lib/ffd/fields.h"

namespace fiscalgate::ffd {

inline constexpr std::size_t kTlvHeader = 4;
// What the register adds to every receipt, all of fixed length: the document's own header, 1012,
// 1018, 1037, 1038, 1040, 1041, 1042, 1077 and 1209. Its texts (1048, and 1009 and 1187 where the
// shop gives none) are its own affair and not counted.
inline constexpr std::size_t kRegistersOwnBytes =
    kTlvHeader * 10 + 4 + 12 + 20 + 4 + 4 + 16 + 4 + 6 + 1;

struct TlvSize {
  std::size_t document = 0;      // with kRegistersOwnBytes
  std::size_t largest_item = 0;  // the value of its 1059
};

// Bytes of a number: as few as it needs, at least one.
std::size_t VarBytes(std::uint64_t number);
// A quantity as a number and its decimal places, without zeros at the end.
struct Scaled {
  std::uint64_t number = 0;
  int places = 0;
};
Scaled ScaledOf(base::Quantity quantity);

// Counts. Derived classes may listen: OnText (of each text), OnGroup and OnItem (of each, when it
// is whole). `Self` is the derived class.
template <typename Self>
class TlvCounter {
 public:
  void Byte(int, int) { bytes_ += kTlvHeader + 1; }
  void Var(int, std::int64_t number) {
    bytes_ += kTlvHeader + VarBytes(static_cast<std::uint64_t>(number));
  }
  void Money(int, base::Money money) {
    bytes_ += kTlvHeader + VarBytes(static_cast<std::uint64_t>(money.kopecks));
  }
  void Quantity(int, base::Quantity quantity) {
    bytes_ += kTlvHeader + 1 + VarBytes(ScaledOf(quantity).number);
  }
  void Seconds(int, const DateTime&) { bytes_ += kTlvHeader + 4; }
  void Text(int tag, const std::string& text) {
    const Cp866Count count = CountCp866(text);
    bytes_ += kTlvHeader + count.bytes;
    self().OnText(tag, text, count);
  }
  void Fixed(int tag, const std::string& text) {
    const Cp866Count count = CountCp866(text);
    bytes_ += kTlvHeader + std::max(count.bytes, FindTag(tag)->max_bytes);
    self().OnText(tag, text, count);
  }
  void Bytes(int, const std::string& bytes) { bytes_ += kTlvHeader + bytes.size(); }
  template <typename Fields>
  void Group(int tag, int index, Fields fields) {
    const std::size_t before = bytes_ += kTlvHeader;
    self().BeginGroup(tag, index);
    fields();
    self().OnGroup(tag, bytes_ - before);
  }
  template <typename Fields>
  void Item(int index, Fields fields) {
    const std::size_t before = bytes_ += kTlvHeader;
    self().BeginItem(index);
    fields();
    const std::size_t item = bytes_ - before;
    largest_item_ = std::max(largest_item_, item);
    self().OnItem(index, item);
  }
  TlvSize Size() const { return {bytes_ + kRegistersOwnBytes, largest_item_}; }

 protected:
  ~TlvCounter() = default;

 private:
  Self& self() { return static_cast<Self&>(*this); }
  std::size_t bytes_ = 0, largest_item_ = 0;
};

TlvSize TlvSizeOf(const Receipt& receipt, FfdVersion version);

// The fields themselves, without what the register adds.
std::string EncodeTlv(const Receipt& receipt, FfdVersion version);

}  // namespace fiscalgate::ffd
