#include "lib/store/postgres/address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

#include "lib/base/text.h"

namespace fiscalgate::store::postgres {
namespace {

using base::Code;
using base::Error;

struct OptionsFree {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// What libpq says of a text it cannot read quotes the text.
Error Unreadable() {
  return Error{Code::kMalformed,
               "the store's url cannot be read as postgresql://user@host:port/database; special "
               "characters in it must be written as %XX"};
}

void ReplaceAll(std::string* text, const std::string& what) {
  for (std::size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), "***");
    at += 3;
  }
}

// Takes our own word out of the url. Empty: it is there with a value that means nothing.
std::optional<bool> TakePooled(std::string* url) {
  constexpr std::string_view kWord = "pooled=";
  bool pooled = false;
  for (std::size_t at = url->find('?'); at != std::string::npos && at + 1 < url->size();) {
    const std::size_t end = std::min(url->find('&', at + 1), url->size());
    if (url->compare(at + 1, kWord.size(), kWord) != 0) {
      at = end == url->size() ? std::string::npos : end;
      continue;
    }
    const std::string value = url->substr(at + 1 + kWord.size(), end - at - 1 - kWord.size());
    if (value != "0" && value != "1") return std::nullopt;
    pooled = value == "1";
    // What stood before it stays: '?' for the next word, or nothing for the last.
    url->erase(at + 1, end == url->size() ? end - at - 1 : end - at);
  }
  if (!url->empty() && (url->back() == '?' || url->back() == '&')) url->pop_back();
  return pooled;
}

}  // namespace

bool Address::Fits(const std::string& url) {
  return url.rfind("postgresql://", 0) == 0 || url.rfind("postgres://", 0) == 0;
}

base::Result<Address> Address::Parse(const std::string& given) {
  if (!Fits(given) || given.find('\0') != std::string::npos) return Unreadable();
  std::string url = given;
  const std::optional<bool> pooled = TakePooled(&url);
  if (!pooled) {
    return Error{Code::kMalformed, "pooled= in the store's url must be 0 or 1"};
  }
  char* said = nullptr;
  const std::unique_ptr<PQconninfoOption, OptionsFree> options(PQconninfoParse(url.c_str(), &said));
  if (said != nullptr) PQfreemem(said);
  if (options == nullptr) return Unreadable();
  Address address;
  address.pooled_ = *pooled;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) address.Put(option->keyword, option->val);
  }
  address.PutIfMissing("target_session_attrs", "read-write");
  address.PutIfMissing("connect_timeout", "3");
  address.PutIfMissing("tcp_user_timeout", "10000");
  address.PutIfMissing("keepalives_idle", "5");
  address.PutIfMissing("keepalives_interval", "2");
  address.PutIfMissing("keepalives_count", "3");
  address.PutIfMissing("fallback_application_name", "fiscalgate");
  address.Put("client_encoding", "UTF8");
  const std::string host = address.Value("host");
  const std::string port = address.Value("port");
  address.shown_ = (host.empty() ? address.Value("service") : host) +
                   (port.empty() ? "" : ":" + port) + "/" + address.Value("dbname");
  for (const char* keyword : {"password", "sslpassword"}) {
    const std::string secret = address.Value(keyword);
    if (secret.empty()) continue;
    address.hidden_.push_back(secret);
    address.hidden_.push_back(base::PercentEncode(secret));
  }
  return address;
}

std::string Address::ForTools() const {
  std::string words;
  const std::pair<const char*, const char*> options[] = {
      {"--host=", "host"}, {"--port=", "port"}, {"--username=", "user"}, {"--dbname=", "dbname"}};
  for (const auto& [option, keyword] : options) {
    const std::string value = Value(keyword);
    if (!value.empty()) words += (words.empty() ? "" : " ") + (option + value);
  }
  return words;
}

std::string Address::Clean(std::string text) const {
  for (const std::string& secret : hidden_) ReplaceAll(&text, secret);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

void Address::Put(const std::string& keyword, const std::string& value) {
  for (auto& [name, present] : words_) {
    if (name == keyword) {
      present = value;
      return;
    }
  }
  words_.emplace_back(keyword, value);
}

void Address::PutIfMissing(const std::string& keyword, const std::string& value) {
  if (Value(keyword).empty()) Put(keyword, value);
}

std::string Address::Value(const std::string& keyword) const {
  for (const auto& [name, value] : words_) {
    if (name == keyword) return value;
  }
  return "";
}

}  // namespace fiscalgate::store::postgres
