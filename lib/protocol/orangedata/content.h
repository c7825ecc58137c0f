// Writes the content of a document or a correction. Only for codec_request.cpp. One thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::orangedata {

class ContentWriter {
 public:
  ContentWriter(ffd::FfdVersion version, const Mapping& mapping, base::JsonWriter* json)
      : version_(version), mapping_(mapping), json_(*json) {}

  // False if a value has no confirmed name there; what was written is of no use then.
  bool WriteReceipt(const ffd::Receipt& receipt);
  // Of FFD 1.05: sums instead of positions.
  bool WriteOldCorrection(const ffd::Receipt& receipt);

  // For PutFields.
  void Word(int tag, const std::string& text);
  void Padded(int tag, const std::string& text) { Word(tag, text); }
  void Words(int tag, const std::vector<std::string>& texts);
  void Byte(int tag, std::int64_t number);
  void Money(int tag, base::Money sum);
  void Seconds(int tag, const ffd::DateTime& time);

 private:
  bool IsNewest() const { return version_ == ffd::FfdVersion::k12; }
  void Text(std::string_view key, const std::string& text);
  void Number(std::string_view key, int tag, int value);
  void Sum(std::string_view key, base::Money sum);

  void WritePositions(const ffd::Receipt& receipt);
  void WritePosition(const ffd::Item& item);
  void WriteGoods(const ffd::Item& item, const ffd::ItemExtras& extras);
  void WriteMarking(const ffd::ItemExtras& extras);
  void WriteAgent(const ffd::ItemExtras& extras);
  void WriteIndustry(const ffd::Industry& industry);
  void WriteCheckClose(const ffd::Receipt& receipt);
  void WriteCashless(const std::vector<ffd::CashlessDetail>& list);
  void WritePlace(const ffd::Receipt& receipt);
  void WriteExtras(const ffd::ReceiptExtras& extras);
  void WriteBuyer(const ffd::Buyer& buyer);
  void WriteBasis(const ffd::Receipt& receipt);
  void WriteOldSums(const ffd::Receipt& receipt);

  const ffd::FfdVersion version_;
  const Mapping& mapping_;
  base::JsonWriter& json_;
  bool is_whole_ = true;
};

}  // namespace fiscalgate::protocol::orangedata
