// The files of fcgi/web/static (and the JavaScript driver client), built into the program: pages
// need no folder beside it and always fit its version. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fiscalgate::web {

struct Asset {
  std::string_view name;  // "dialog.js"
  std::string_view type;  // media type
  std::string_view body;
  std::string hash;  // of the body, 16 hex characters
};

std::span<const Asset> Assets();
// nullptr if there is none of that name.
const Asset* FindAsset(std::string_view name);
// "/static/dialog.js?v=<hash>": may be kept for ever, another body has another address.
std::string AssetUrl(std::string_view name);

}  // namespace fiscalgate::web
