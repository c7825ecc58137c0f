#include <map>

#include "fcgi/emulator/bifit/answers.h"
#include "fcgi/emulator/bifit/service.h"
#include "lib/base/id.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::bifit {
namespace {

constexpr std::string_view kClient = "processing-connector-token";  // id and secret
constexpr std::chrono::hours kRefreshLife{24 * 30};
constexpr std::int64_t kConnector = 1001;

http::Response InvalidGrant(std::string_view description) {
  return OAuthError(400, "invalid_grant", description);
}

bool IsForm(const http::Request& request) {
  return http::FindHeader(request.headers, "Content-Type")
      .starts_with("application/x-www-form-urlencoded");
}

}  // namespace

http::Response Bifit::Grant() {
  const base::WallTime now = cloud_.clock.Now();
  const std::chrono::seconds life(cloud_.numbers.Get(kTokenLifeS));
  base::JsonWriter writer;
  writer.BeginObject().Key("access_token").String(tokens_.Give(TokenKind::kAccess, now, life));
  writer.Key("token_type").String("bearer");
  writer.Key("refresh_token").String(tokens_.Give(TokenKind::kRefresh, now, kRefreshLife));
  writer.Key("expires_in").Int(life.count() - 1).Key("scope").String("read write");
  writer.Key("connector_id").Int(kConnector).Key("jti").String(base::NewId(now)).EndObject();
  http::Response response = Json(writer.Take());
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response Bifit::Token(const http::Request& request) {
  const auto fields = base::ParseForm(request.body);
  if (!IsForm(request) || !fields) {
    return OAuthError(400, "invalid_request", "Missing grant type");
  }
  std::map<std::string, std::string> form(fields->begin(), fields->end());
  if (form["client_id"] != kClient || form["client_secret"] != kClient) {
    return OAuthError(401, "invalid_client", "Bad client credentials");
  }
  const std::string& grant = form["grant_type"];
  if (grant == "token") {
    const std::string& token = form["token"];
    const bool is_known =
        options_.connector_token.empty() ? !token.empty() : token == options_.connector_token;
    return is_known ? Grant() : InvalidGrant("Bad credentials");
  }
  if (grant != "refresh_token") {
    return OAuthError(400, "unsupported_grant_type", "Unsupported grant type");
  }
  const bool is_good = cloud_.numbers.Get(kRefreshAllowed) != 0 &&
                       tokens_.Check(form["refresh_token"], TokenKind::kRefresh,
                                     cloud_.clock.Now()) == TokenVerdict::kGood;
  return is_good ? Grant() : InvalidGrant("Invalid refresh token");
}

}  // namespace fiscalgate::emulator::bifit
