#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/ffd/cp866.h"
#include "lib/protocol/bifit/codec.h"

namespace fiscalgate::protocol::bifit {
namespace {

constexpr std::string_view kClient = "processing-connector-token";  // id and secret, documented
constexpr std::size_t kPinDigits = 4;

std::string Url(std::string_view base_url, std::string_view path) {
  while (base_url.ends_with('/')) base_url.remove_suffix(1);
  return std::string(base_url).append(path);
}

http::Request Form(std::string_view base_url, const base::FormFields& fields) {
  http::Request request;
  request.method = "POST";
  request.url = Url(base_url, "/oauth/token");
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = base::BuildForm(fields);
  return request;
}

http::Request Authorized(const char* method, std::string url, const base::Secret& access) {
  http::Request request;
  request.method = method;
  request.url = std::move(url);
  request.headers = {{"Authorization", "Bearer " + access.Reveal()},
                     {"Accept", "application/json"}};
  return request;
}

// "100", "71.40"
std::string Sum(base::Money money) {
  std::string text = base::FormatMoney(money);
  constexpr std::string_view kNoKopecks = ".00";
  if (text.ends_with(kNoKopecks)) text.resize(text.size() - kNoKopecks.size());
  return text;
}

class Writer {
 public:
  explicit Writer(const Mapping& mapping) : mapping_(mapping) {}

  base::Result<std::string> Write(const ffd::Receipt& receipt) {
    json_.BeginObject();
    Value("type", 1054, receipt.type_1054);
    Value("taxSystem", 1055, receipt.taxation_1055);
    WriteCashier(receipt);
    WriteClient(receipt.buyer_contact_1008);
    json_.Key("items").BeginArray();
    for (const ffd::Item& item : receipt.items) WriteItem(item);
    json_.EndArray();
    json_.Key("total").Raw(Sum(receipt.given_total_1020.value_or(receipt.Total())));
    WritePayments(receipt.payments);
    json_.EndObject();
    if (is_whole_) return json_.Take();
    return base::Error{base::Code::kInvalid,
                       "BIFIT: the receipt has a value without a confirmed name"};
  }

 private:
  void Value(std::string_view key, int tag, int value) {
    if (!mapping_.WriteMember(key, tag, value, &json_)) is_whole_ = false;
  }

  void WriteCashier(const ffd::Receipt& receipt) {
    is_whole_ = is_whole_ && !receipt.cashier_name_1021.empty();
    json_.Key("cashier").BeginObject();
    json_.Key("name").String(ffd::AsPrinted(receipt.cashier_name_1021));
    if (!receipt.cashier_inn_1203.empty()) json_.Key("inn").String(receipt.cashier_inn_1203);
    json_.EndObject();
  }

  // A phone stands without its plus in the documents' sample.
  void WriteClient(std::string_view contact) {
    if (contact.empty()) return;
    if (contact.starts_with('+')) contact.remove_prefix(1);
    json_.Key("client").BeginObject().Key("address").String(contact).EndObject();
  }

  void WriteItem(const ffd::Item& item) {
    json_.BeginObject();
    Value("calculationMethod", 1214, item.method_1214);
    Value("paymentSubject", 1212, item.subject_1212);
    json_.Key("name").String(ffd::AsPrinted(item.name_1030));
    json_.Key("price").Raw(Sum(item.price_1079));
    json_.Key("quantity").Raw(base::FormatQuantity(item.quantity_1023));
    Value("vat", 1199, item.vat_1199);
    json_.Key("total").Raw(Sum(item.sum_1043));
    json_.EndObject();
  }

  void WritePayments(const ffd::Payments& paid) {
    const std::array<std::pair<int, base::Money>, 5> kKinds = {{{1031, paid.cash_1031},
                                                                {1081, paid.electronic_1081},
                                                                {1215, paid.prepayment_1215},
                                                                {1216, paid.credit_1216},
                                                                {1217, paid.barter_1217}}};
    json_.Key("payments").BeginObject();
    for (const auto& [tag, sum] : kKinds) {
      if (sum.kopecks == 0) continue;
      const MappedValue found = mapping_.FindField(tag);
      is_whole_ = is_whole_ && found && !found.value.empty();
      json_.Key(found.value).Raw(Sum(sum));
    }
    json_.EndObject();
  }

  const Mapping& mapping_;
  base::JsonWriter json_;
  bool is_whole_ = true;
};

std::string Two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

http::Request TokenRequest(std::string_view base_url, const base::Secret& connector_token) {
  return Form(base_url, {{"token", connector_token.Reveal()},
                         {"client_id", std::string(kClient)},
                         {"client_secret", std::string(kClient)},
                         {"grant_type", "token"}});
}

http::Request RefreshRequest(std::string_view base_url, const base::Secret& refresh_token) {
  return Form(base_url, {{"refresh_token", refresh_token.Reveal()},
                         {"client_id", std::string(kClient)},
                         {"client_secret", std::string(kClient)},
                         {"grant_type", "refresh_token"}});
}

base::Result<std::string> IdempotencyKey(std::int64_t number, std::string_view pin, base::Money sum,
                                         const ffd::DateTime& local_time) {
  constexpr int kMinute = 60, kHour = 3600;
  const bool is_pin = pin.size() == kPinDigits && std::all_of(pin.begin(), pin.end(), [](char c) {
                        return c >= '0' && c <= '9';
                      });
  if (!is_pin) return base::Error{base::Code::kInvalid, "BIFIT: the PIN is not four digits"};
  if (number < 1 || sum.kopecks < 0) {
    return base::Error{base::Code::kInvalid, "BIFIT: no receipt number or a negative sum"};
  }
  const std::string time = ffd::FormatDay(local_time.day) + " " + Two(local_time.seconds / kHour) +
                           ":" + Two(local_time.seconds % kHour / kMinute);
  return base::HexEncode(base::Sha256(std::to_string(number) + "/" + std::string(pin) + "/" +
                                      base::FormatMoney(sum) + "/" + time));
}

base::Result<std::string> WriteReceipt(const ffd::Receipt& receipt, const Mapping& mapping) {
  return Writer(mapping).Write(receipt);
}

http::Request RegisterRequest(std::string_view base_url, const base::Secret& access,
                              std::string_view idempotency_key, std::string body) {
  http::Request request =
      Authorized("POST", Url(base_url, "/protected/documents/registration/receipts"), access);
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("Idempotency-Key", std::string(idempotency_key));
  request.body = std::move(body);
  return request;
}

http::Request DocumentRequest(std::string_view base_url, const base::Secret& access,
                              std::int64_t document) {
  return Authorized("GET", Url(base_url, "/protected/documents/") + std::to_string(document),
                    access);
}

http::Request ReloadRequest(std::string_view base_url, const base::Secret& access,
                            const base::Secret& broker_token,
                            const std::vector<std::int64_t>& documents) {
  http::Request request =
      Authorized("POST", Url(base_url, "/protected/documents/reload/token"), access);
  request.headers.emplace_back("Broker-token", broker_token.Reveal());
  request.headers.emplace_back("Content-Type", "application/json");
  base::JsonWriter json;
  json.BeginArray();
  for (const std::int64_t document : documents) json.Int(document);
  request.body = json.EndArray().Take();
  return request;
}

std::string OfflineLink(std::string_view base_url, std::string_view idempotency_key) {
  return Url(base_url, "/receipts/") + base::PercentEncode(idempotency_key);
}

}  // namespace fiscalgate::protocol::bifit
