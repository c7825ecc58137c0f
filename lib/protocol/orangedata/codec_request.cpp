#include <algorithm>

#include "lib/base/text.h"
#include "lib/protocol/orangedata/codec.h"
#include "lib/protocol/orangedata/content.h"

namespace fiscalgate::protocol::orangedata {
namespace {

constexpr std::size_t kMaxId = 64, kMaxGroup = 32, kMaxKey = 32;
constexpr std::string_view kApi = "/api/v2/";
constexpr std::string_view kTestHost = "apip.";

base::Error Invalid(std::string_view what) {
  return {base::Code::kInvalid, "Orange Data: " + std::string(what)};
}

bool IsInn(std::string_view text) {
  return (text.size() == 10 || text.size() == 12) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string Url(const Account& account, std::string_view path) {
  std::string base = account.base_url;
  while (base.ends_with('/')) base.pop_back();
  return base.append(kApi).append(path);
}

std::string_view PathOf(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kCorrections:
      return "corrections/";
    case Endpoint::kCorrections12:
      return "correction12/";
    case Endpoint::kDocuments:
      break;
  }
  return "documents/";
}

http::Request Signed(std::string url, std::string body, const base::RsaPrivateKey& key) {
  http::Request request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                     {"Accept", "application/json"},
                     {"X-Signature", base::Base64Encode(key.Sign(body))}};
  request.body = std::move(body);
  return request;
}

http::Request Get(std::string url) {
  http::Request request;
  request.url = std::move(url);
  request.headers = {{"Accept", "application/json"}};
  return request;
}

}  // namespace

base::Status CheckAccount(const Account& account) {
  if (account.base_url.empty()) return Invalid("the address is missing");
  if (!IsInn(account.inn)) return Invalid("the INN is not 10 or 12 digits");
  if (account.key.empty() || account.key.size() > kMaxKey) {
    return Invalid("the name of the key is missing or longer than 32");
  }
  if (account.group.size() > kMaxGroup) return Invalid("the group is longer than 32");
  return base::Ok();
}

Endpoint EndpointOf(const ffd::Receipt& receipt, ffd::FfdVersion version) {
  if (!receipt.IsCorrection()) return Endpoint::kDocuments;
  return version == ffd::FfdVersion::k12 ? Endpoint::kCorrections12 : Endpoint::kCorrections;
}

base::Result<std::string> WriteDocument(const Account& account, std::string_view id,
                                        const ffd::Receipt& receipt, ffd::FfdVersion version,
                                        const Mapping& mapping) {
  if (id.empty() || id.size() > kMaxId) return Invalid("the id is empty or longer than 64");
  base::JsonWriter json;
  json.BeginObject().Key("id").String(id).Key("inn").String(account.inn);
  if (!account.group.empty()) json.Key("group").String(account.group);
  json.Key("key").String(account.key);
  if (account.ignore_item_code_check) json.Key("ignoreItemCodeCheck").Bool(true);
  json.Key("content");
  ContentWriter content(version, mapping, &json);
  const bool is_whole = EndpointOf(receipt, version) == Endpoint::kCorrections
                            ? content.WriteOldCorrection(receipt)
                            : content.WriteReceipt(receipt);
  if (!is_whole) return Invalid("the receipt has a value without a confirmed name");
  json.EndObject();
  return json.Take();
}

http::Request SubmitRequest(const Account& account, Endpoint endpoint, std::string body,
                            const base::RsaPrivateKey& key) {
  return Signed(Url(account, PathOf(endpoint)), std::move(body), key);
}

http::Request StatusRequest(const Account& account, Endpoint endpoint, std::string_view id) {
  return Get(Url(account, PathOf(endpoint)) + base::PercentEncode(account.inn) + "/status/" +
             base::PercentEncode(id));
}

http::Request DevicesRequest(const Account& account) {
  const std::string group = account.group.empty() ? "Main" : account.group;
  return Get(Url(account, "devices/status/") + base::PercentEncode(account.inn) + "/" +
             base::PercentEncode(group));
}

http::Request SelfTestRequest(const Account& account, const base::RsaPrivateKey& key) {
  base::JsonWriter json;
  json.BeginObject().Key("inn").String(account.inn);
  if (!account.group.empty()) json.Key("group").String(account.group);
  json.Key("key").String(account.key).EndObject();
  return Signed(Url(account, "check/"), json.Take(), key);
}

std::string ReceiptPage(const Account& account, std::string_view id) {
  const bool is_test = account.base_url.find(kTestHost) != std::string::npos;
  return std::string(is_test ? "https://cheques-test.orangedata.ru/"
                             : "https://cheques-lk.orangedata.ru/") +
         base::PercentEncode(account.inn) + "/" + base::PercentEncode(id);
}

}  // namespace fiscalgate::protocol::orangedata
