#include "lib/ffd/tlv.h"

#include "lib/base/text.h"

namespace fiscalgate::ffd {
namespace {

constexpr char kGroupSeparator = '\x1D';
constexpr int kUnrecognised = 1300, kGs1Marked = 1305;
constexpr std::size_t kGtinEnd = 16, kMostOfGs1 = 38, kMostOfOthers = 32;
constexpr std::size_t kMinNomenclature = 8, kMaxNomenclature = 32;

class PlainCounter final : public TlvCounter<PlainCounter> {
 public:
  void OnText(int, const std::string&, const Cp866Count&) {}
  void BeginGroup(int, int) {}
  void OnGroup(int, std::size_t) {}
  void BeginItem(int) {}
  void OnItem(int, std::size_t) {}
};

class Encoder {
 public:
  void Byte(int tag, int number) { Put(tag, Little(static_cast<std::uint64_t>(number), 1)); }
  void Var(int tag, std::int64_t number) { Put(tag, Shortest(static_cast<std::uint64_t>(number))); }
  void Money(int tag, base::Money money) { Var(tag, money.kopecks); }
  void Quantity(int tag, base::Quantity quantity) {
    const Scaled scaled = ScaledOf(quantity);
    Put(tag, static_cast<char>(scaled.places) + Shortest(scaled.number));
  }
  void Seconds(int tag, const DateTime& time) {
    const auto days = std::chrono::seconds(time.day.time_since_epoch()).count();
    Put(tag, Little(static_cast<std::uint64_t>(days + time.seconds), 4));
  }
  void Text(int tag, const std::string& text) { Put(tag, ToCp866(text)); }
  void Fixed(int tag, const std::string& text) {
    std::string value = ToCp866(text);
    if (value.size() < FindTag(tag)->max_bytes) value.resize(FindTag(tag)->max_bytes, ' ');
    Put(tag, value);
  }
  void Bytes(int tag, const std::string& bytes) { Put(tag, bytes); }
  template <typename Fields>
  void Group(int tag, int, Fields fields) {
    std::string outer;
    outer.swap(out_);
    fields();
    outer.swap(out_);
    Put(tag, outer);
  }
  template <typename Fields>
  void Item(int, Fields fields) {
    Group(1059, 0, fields);
  }
  std::string Take() { return std::move(out_); }

 private:
  static std::string Little(std::uint64_t number, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i) & 0xFF);
    return out;
  }
  static std::string Shortest(std::uint64_t number) {
    std::string out;
    do {
      out += static_cast<char>(number & 0xFF);
      number >>= 8;
    } while (number != 0);
    return out;
  }
  void Put(int tag, const std::string& value) {
    out_ += Little(static_cast<std::uint64_t>(tag), 2) + Little(value.size(), 2) + value;
  }
  std::string out_;
};

}  // namespace

std::size_t VarBytes(std::uint64_t number) {
  std::size_t bytes = 1;
  while ((number >>= 8) != 0) ++bytes;
  return bytes;
}

Scaled ScaledOf(base::Quantity quantity) {
  Scaled scaled{static_cast<std::uint64_t>(quantity.millionths), 6};
  while (scaled.places > 0 && scaled.number % 10 == 0) {
    scaled.number /= 10;
    --scaled.places;
  }
  return scaled;
}

ProductCode ProductCodeOf(const std::string& code) {
  const bool is_gs1 =
      code.size() > kGtinEnd + 2 && code.substr(0, 2) == "01" && code.substr(kGtinEnd, 2) == "21";
  if (!is_gs1) return {kUnrecognised, code.substr(0, kMostOfOthers)};
  return {kGs1Marked, code.substr(0, std::min(code.find(kGroupSeparator), kMostOfGs1))};
}

std::string NomenclatureBytes(const std::string& posted) {
  const auto decoded = base::Base64DecodeLenient(posted);
  const bool fits =
      decoded && decoded->size() >= kMinNomenclature && decoded->size() <= kMaxNomenclature;
  return fits ? *decoded : posted;
}

TlvSize TlvSizeOf(const Receipt& receipt, FfdVersion version) {
  PlainCounter counter;
  FieldVisitor<PlainCounter>(version, counter).Visit(receipt, TotalsOf(receipt));
  return counter.Size();
}

std::string EncodeTlv(const Receipt& receipt, FfdVersion version) {
  Encoder encoder;
  FieldVisitor<Encoder>(version, encoder).Visit(receipt, TotalsOf(receipt));
  return encoder.Take();
}

}  // namespace fiscalgate::ffd
