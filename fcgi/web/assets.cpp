#include "fcgi/web/assets.h"

#include <array>

#include "lib/base/check.h"
#include "lib/base/crypto.h"
#include "lib/base/text.h"

// The assembler reads the file: paths are from the root of the project, where the compiler runs.
// The makefile knows of these files; a compiler cache would not.
#define FG_EMBED(symbol, path)               \
  __asm__(                                   \
      ".section .rodata\n"                   \
      ".global fg_asset_" #symbol            \
      "\n"                                   \
      ".global fg_asset_" #symbol            \
      "_end\n"                               \
      ".balign 16\n"                         \
      "fg_asset_" #symbol                    \
      ":\n"                                  \
      ".incbin \"" path                      \
      "\"\n"                                 \
      "fg_asset_" #symbol                    \
      "_end:\n"                              \
      ".byte 0\n"                            \
      ".previous\n");                        \
  extern "C" const char fg_asset_##symbol[]; \
  extern "C" const char fg_asset_##symbol##_end[]

FG_EMBED(pages_css, "fcgi/web/static/pages.css");
FG_EMBED(dialog_js, "fcgi/web/static/dialog.js");
FG_EMBED(courier_css, "fcgi/web/static/courier.css");
FG_EMBED(courier_html, "fcgi/web/static/courier.html");
FG_EMBED(courier_js, "fcgi/web/static/courier.js");
FG_EMBED(sign_in_html, "fcgi/web/static/sign_in.html");
FG_EMBED(test_css, "fcgi/web/static/test.css");
FG_EMBED(test_html, "fcgi/web/static/test.html");
FG_EMBED(test_js, "fcgi/web/static/test.js");
FG_EMBED(samples_js, "fcgi/web/static/samples.js");
FG_EMBED(bit_driver_js, "cms-plugins/js/bit-driver.js");

namespace fiscalgate::web {
namespace {

constexpr std::string_view kScript = "text/javascript; charset=utf-8";
constexpr std::string_view kStyle = "text/css; charset=utf-8";
constexpr std::string_view kPage = "text/html; charset=utf-8";

Asset Make(std::string_view name, std::string_view type, const char* begin, const char* end) {
  const std::string_view body(begin, static_cast<std::size_t>(end - begin));
  return {name, type, body, base::HexEncode(base::Sha256(body).substr(0, 8))};
}

#define FG_ASSET(name, type, symbol) Make(name, type, fg_asset_##symbol, fg_asset_##symbol##_end)

}  // namespace

std::span<const Asset> Assets() {
  static const std::array assets = {
      FG_ASSET("pages.css", kStyle, pages_css),
      FG_ASSET("dialog.js", kScript, dialog_js),
      FG_ASSET("courier.css", kStyle, courier_css),
      FG_ASSET("courier.html", kPage, courier_html),
      FG_ASSET("courier.js", kScript, courier_js),
      FG_ASSET("sign_in.html", kPage, sign_in_html),
      FG_ASSET("test.css", kStyle, test_css),
      FG_ASSET("test.html", kPage, test_html),
      FG_ASSET("test.js", kScript, test_js),
      FG_ASSET("samples.js", kScript, samples_js),
      FG_ASSET("bit-driver.js", kScript, bit_driver_js),
  };
  return assets;
}

const Asset* FindAsset(std::string_view name) {
  for (const Asset& asset : Assets()) {
    if (asset.name == name) return &asset;
  }
  return nullptr;
}

std::string AssetUrl(std::string_view name) {
  const Asset* asset = FindAsset(name);
  FG_CHECK(asset != nullptr);
  return "/static/" + std::string(name) + "?v=" + asset->hash;
}

}  // namespace fiscalgate::web
