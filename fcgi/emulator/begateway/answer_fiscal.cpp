#include "fcgi/emulator/begateway/answer_fiscal.h"

#include <array>

namespace fiscalgate::emulator::begateway {
namespace {

constexpr std::string_view kProcessed = "Ok - Check processed";
constexpr std::string_view kExpiredText = "Document is expired";
constexpr std::string_view kOfdSite = "www.taxcom.ru";
constexpr std::string_view kOfdInn = "7704211201";
constexpr std::string_view kSerialNumber = "0001660038015559";
// Nobody serves it; addresses of receipts look like that.
constexpr std::string_view kReceipts = "https://cheques-test.orangedata.ru/";

// As the fiscal service answers a question for a document.
void WriteReceiptInfo(const View& view, const Site& site, base::JsonWriter& json) {
  const ffd::FiscalMark& mark = view.mark;
  const Fiscal& fiscal = *view.transaction.fiscal;
  json.BeginObject().Key("fp").String(mark.fpd_1077).Key("id").String(fiscal.id);
  json.Key("change").Raw("0.0").Key("ofdinn").String(kOfdInn).Key("content");
  WriteContent(fiscal.order, view.transaction.receipt_type_1054(), &json);
  json.Key("ofdName").String("Такском ТЕСТ");
  json.Key("deviceRN").String(mark.register_number_1037).Key("deviceSN").String(kSerialNumber);
  json.Key("fsNumber").String(mark.fn_1041).Key("companyINN").String(site.shop.inn);
  json.Key("fnsWebsite").String("www.nalog.gov.ru").Key("ofdWebsite").String(kOfdSite);
  json.Key("companyName").String(site.shop.company);
  json.Key("processedAt").String(mark.time_1012).Key("shiftNumber").Int(mark.shift_1038);
  json.Key("documentIndex").Int(mark.receipt_number_1042);
  json.Key("processedAtTz").String(mark.time_1012 + ".0000000+03:00");
  json.Key("documentNumber").Int(mark.fd_1040).EndObject();
}

void WriteReceipt(const View& view, const Site& site, base::JsonWriter& json) {
  const ffd::FiscalMark& mark = view.mark;
  const std::string& id = view.transaction.fiscal->id;
  json.BeginObject().Key("id").String(id).Key("ofd_id").String(mark.fpd_1077);
  json.Key("ofd_link").String(kOfdSite).Key("serial_id").Int(mark.receipt_number_1042);
  json.Key("created_at").String(mark.time_1012);
  json.Key("ofd_qr_code").String(std::string(kReceipts) + site.shop.inn + "/" + id);
  json.Key("receipt_num").Int(mark.fd_1040).Key("receipt_info");
  WriteReceiptInfo(view, site, json);
  json.Key("total_amount").Int(mark.total_1020.kopecks).EndObject();
}

std::string_view MessageOf(const View& view) {
  switch (view.fiscal) {
    case FiscalStatus::kSuccessful:
      return kProcessed;
    case FiscalStatus::kFailed:
      return view.fiscal_message;
    case FiscalStatus::kExpired:
      return kExpiredText;
    case FiscalStatus::kIncomplete:
      break;
  }
  return {};
}

}  // namespace

std::string_view FiscalStatusName(FiscalStatus status) {
  constexpr std::array<std::string_view, 4> kNames = {"incomplete", "successful", "failed",
                                                      "expired"};
  return kNames[static_cast<std::size_t>(status)];
}

void WriteFiscalization(const View& view, const Site& site, base::JsonWriter* writer) {
  base::JsonWriter& json = *writer;
  const Fiscal& fiscal = *view.transaction.fiscal;
  const std::string_view message = MessageOf(view);
  json.BeginObject().Key("type").String(view.transaction.kind == Kind::kRefund ? "refund"
                                                                               : "payment");
  json.Key("amount").Int(view.transaction.amount.kopecks).Key("id").String(fiscal.id);
  json.Key("external_id");
  fiscal.order.external_id.empty() ? json.Null() : json.String(fiscal.order.external_id);
  json.Key("status").String(FiscalStatusName(view.fiscal)).Key("code").Null();
  for (const char* key : {"message", "friendly_message"}) {
    json.Key(key);
    message.empty() ? json.Null() : json.String(message);
  }
  json.Key("operator").String(fiscal.order.operator_group).Key("device").Null();
  json.Key("receipts").BeginArray();
  if (view.fiscal == FiscalStatus::kSuccessful) {
    WriteReceipt(view, site, json);
  } else {
    json.BeginObject().EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace fiscalgate::emulator::begateway
