#include "fcgi/handlers/static_file.h"

#include <string>

#include "fcgi/error_reply.h"
#include "fcgi/query.h"
#include "fcgi/web/assets.h"

namespace fiscalgate {

void StaticFile::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  const web::Asset* asset = web::FindAsset(request.url.substr(request.url.rfind('/') + 1));
  // Pages are served by handlers of their own, with a policy of their own.
  if (asset == nullptr || asset->type.starts_with("text/html")) {
    return exchange->Reply(ErrorResponse(base::Code::kNotFound, LanguageOf(request)));
  }
  const std::string tag = '"' + asset->hash + '"';
  const bool is_named = Query(request.query).Text("v") == asset->hash;
  http::Response response;
  response.headers = {
      {"Content-Type", std::string(asset->type)},
      {"ETag", tag},
      {"Cache-Control", is_named ? "public, max-age=31536000, immutable" : "no-cache"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cross-Origin-Resource-Policy", "same-origin"}};
  const bool has_it =
      http::FindHeader(request.headers, "if-none-match").find(tag) != std::string_view::npos;
  response.status = has_it ? 304 : 200;
  if (!has_it) response.body = asset->body;
  exchange->Reply(std::move(response));
}

}  // namespace fiscalgate
