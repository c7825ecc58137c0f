#include "fcgi/web/frame.h"

#include "lib/base/check.h"
#include "lib/base/crypto.h"
#include "lib/base/text.h"

namespace fiscalgate::web {
namespace {

constexpr char kStyle[] = R"css(
:root{color-scheme:light dark;--ink:#1a1d21;--soft:#5c6470;--line:#d8dbe0;--paper:#fff;--ground:#f1f2f4;--link:#0b57b0;--good:#0f6b3c;--bad:#b3261e;--care:#7a5600}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e9ebee;--soft:#a3abb6;--line:#3a4048;--paper:#1f2328;--ground:#14171a;--link:#8ab8ff;--good:#5fcf95;--bad:#ff8a80;--care:#e6b450}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem;background:var(--ground);color:var(--ink);font:16px/1.45 system-ui,sans-serif}
main{margin:0 auto;padding:1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
header{display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between;align-items:baseline}
h1{margin:0;font-size:1.375rem}
p{margin:.25rem 0}
a{color:var(--link)}
.soft{color:var(--soft);font-size:.875em}
.order{flex-basis:100%;overflow-wrap:anywhere}
@media(max-width:26rem){body{padding:.5rem}main{padding:1.125rem}}
@media print{body{padding:0;background:#fff;color:#000;font-size:9.5pt;line-height:1.3}main{padding:0;border:0}h1{font-size:14pt}.soft{color:#000}.language{display:none}}
)css";

constexpr char kTop[] = R"html(<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{{#is_private}}<meta name="robots" content="noindex, nofollow">
{{/is_private}}{{#refresh}}<meta http-equiv="refresh" content="3">
{{/refresh}}<title>{{t_title}}{{#order}} {{order}}{{/order}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<h1>{{t_title}}</h1>
<a class="language soft" href="?lang={{other_lang}}" hreflang="{{other_lang}}" lang="{{other_lang}}">{{t_other_language}}</a>
{{#order}}<p class="soft order">{{t_order}} {{order}}</p>
{{/order}}</header>
)html";

constexpr char kEnd[] = R"html(</main>
</body>
</html>
)html";

std::string StyleOf(const PageParts& parts) { return std::string(kStyle) + parts.style; }

}  // namespace

std::string RenderPage(const PageParts& parts, base::Language language,
                       kainjow::mustache::data page) {
  const bool is_english = language == base::Language::kEnglish;
  page.set("lang", is_english ? "en" : "ru");
  page.set("other_lang", is_english ? "ru" : "en");
  page.set("style", StyleOf(parts));
  kainjow::mustache::mustache whole(std::string(kTop) + parts.content + kEnd);
  FG_CHECK(whole.is_valid());
  return whole.render(page);
}

std::string PagePolicy(const PageParts& parts) {
  return "default-src 'none'; style-src 'sha256-" +
         base::Base64Encode(base::Sha256(StyleOf(parts))) +
         "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace fiscalgate::web
