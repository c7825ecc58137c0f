#include <algorithm>
#include <optional>

#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"

namespace fiscalgate::protocol::bit {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

struct WireBody {
  std::string content_type, body;
  std::string encode_type;  // BIT_ENCODE_TYPE, for drivers that do not look at Content-Type
};

WireBody EncodeBody(const std::string& commands, BodyEncoding encoding) {
  switch (encoding) {
    case BodyEncoding::kForm:
      return {std::string(kForm), base::PercentEncode(commands), "JS"};
    case BodyEncoding::kBase64:
      return {"text/plain base64", base::Base64Encode(commands), ""};
    case BodyEncoding::kHex:
      return {"text/plain hex", base::HexEncode(commands), ""};
    case BodyEncoding::kJson:
      break;
  }
  return {"application/json; charset=UTF-8", commands, "PHP"};
}

char Fold(char c) {
  if (c == '_') return '-';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A header name that came through CGI has lost its case and the difference of '-' and '_'.
bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Fold(x) == Fold(y); });
}

const std::string* FindLoose(const http::Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (SameName(key, name)) return &value;
  }
  return nullptr;
}

std::string TextOf(const http::Headers& headers, std::string_view name) {
  const std::string* value = FindLoose(headers, name);
  return value == nullptr ? std::string() : std::string(base::Trim(*value));
}

base::Error Malformed(std::string what) { return {base::Code::kMalformed, std::move(what)}; }

// Version 1.2: the name of a header is the token, its value is 1.
void FindNamedTokens(const http::Headers& headers, const std::vector<std::string>& known,
                     DriverRequest* request) {
  for (const std::string& token : known) {
    if (token.empty() || TextOf(headers, token) != "1") continue;
    if (request->kkt_token.empty()) {
      request->kkt_token = token;
    } else if (request->bank_token.empty()) {
      request->bank_token = token;
    }
  }
}

bool LooksLikeJson(std::string_view body) {
  const std::string_view text = base::Trim(body);
  return !text.empty() && (text[0] == '[' || text[0] == '{');
}

std::optional<std::string> DecodeFormBody(std::string_view body) {
  if (!body.starts_with("json=")) return base::PercentDecode(body);
  auto fields = base::ParseForm(body);
  if (!fields.ok()) return std::nullopt;
  return std::move((*fields)[0].second);
}

// Percent-encoded, base64 and hex text cannot begin with a bracket, so plain JSON is known by its
// first character whatever the client calls it.
std::optional<std::string> DecodeBody(std::string_view content_type, std::string_view body) {
  const std::string type = base::ToLower(content_type);
  if (LooksLikeJson(body)) return std::string(body);
  if (type.starts_with("application/json")) return std::string(body);
  if (type.starts_with("text/plain")) {
    if (type.find("base64") != std::string::npos) return base::Base64DecodeLenient(body);
    if (type.find("hex") != std::string::npos) return base::HexDecode(base::Trim(body));
    return std::string(body);
  }
  return DecodeFormBody(body);
}

}  // namespace

http::Request EncodeDriverRequest(const DriverRequest& request, const std::string& url,
                                  HeaderGeneration generation, BodyEncoding encoding) {
  http::Request out;
  out.method = "POST";
  out.url = url;
  if (generation == HeaderGeneration::k12) {
    out.headers = {{"Content-Type", std::string(kForm)},
                   {"Action", "toLocalhost"},
                   {"Bit_order_id", request.order_id},
                   {request.kkt_token, "1"}};
    if (!request.bank_token.empty()) out.headers.emplace_back(request.bank_token, "1");
    out.body = base::BuildForm({{"json", request.commands}});
    return out;
  }
  WireBody wire = EncodeBody(request.commands, encoding);
  out.headers = {{"Content-Type", std::move(wire.content_type)},
                 {"Action", "command_list"},
                 {"BIT_ORDER_ID", request.order_id},
                 {"BIT_KKT_TOKEN", request.kkt_token}};
  if (!request.bank_token.empty()) {
    out.headers.emplace_back("BIT_BNK_TRM_TOKEN", request.bank_token);
  }
  if (!wire.encode_type.empty()) out.headers.emplace_back("BIT_ENCODE_TYPE", wire.encode_type);
  out.body = std::move(wire.body);
  return out;
}

base::Result<DriverRequest> DecodeDriverRequest(const http::Request& request,
                                                const std::vector<std::string>& known_tokens) {
  const std::string action = TextOf(request.headers, "Action");
  if (action != "command_list" && action != "toLocalhost") {
    return Malformed("the Action header is missing or unknown");
  }
  DriverRequest out;
  out.order_id = TextOf(request.headers, "BIT_ORDER_ID");
  if (out.order_id.empty()) return Malformed("the BIT_ORDER_ID header is missing");
  out.kkt_token = TextOf(request.headers, "BIT_KKT_TOKEN");
  out.bank_token = TextOf(request.headers, "BIT_BNK_TRM_TOKEN");
  if (out.kkt_token.empty() && out.bank_token.empty()) {
    FindNamedTokens(request.headers, known_tokens, &out);
  }
  if (out.kkt_token.empty() && out.bank_token.empty()) return Malformed("no token was sent");
  auto commands = DecodeBody(TextOf(request.headers, "Content-Type"), request.body);
  if (!commands) return Malformed("the body does not fit its Content-Type");
  out.commands = std::move(*commands);
  return out;
}

}  // namespace fiscalgate::protocol::bit
