// The template of the receipt page and its style. Only for receipt_page.cpp.
#pragma once

namespace fiscalgate::web {

inline constexpr char kReceiptPageStyle[] = R"css(
:root{color-scheme:light dark;--ink:#1a1d21;--soft:#5c6470;--line:#d8dbe0;--paper:#fff;--ground:#f1f2f4;--link:#0b57b0}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e9ebee;--soft:#a3abb6;--line:#3a4048;--paper:#1f2328;--ground:#14171a;--link:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem;background:var(--ground);color:var(--ink);font:16px/1.45 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
header{display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between;align-items:baseline}
h1{margin:0;font-size:1.375rem}
h2{margin:1.5rem 0 .5rem;font-size:1.0625rem}
h3{margin:1.25rem 0 .375rem;font-size:.8125rem;font-weight:600;color:var(--soft)}
p{margin:.25rem 0}
a{color:var(--link)}
.soft{color:var(--soft);font-size:.875rem}
.order{flex-basis:100%;overflow-wrap:anywhere}
.state{display:inline-block;margin:.75rem 0 .25rem;padding:.1875rem .75rem;border:1px solid currentColor;border-radius:1rem;font-size:.875rem;font-weight:600}
.done{color:#0f6b3c}.failed{color:#b3261e}.unknown,.queued{color:#7a5600}
@media screen and (prefers-color-scheme:dark){.done{color:#5fcf95}.failed{color:#ff8a80}.unknown,.queued{color:#e6b450}}
ol{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
li{padding:.5rem 0;border-bottom:1px solid var(--line);break-inside:avoid}
.name{overflow-wrap:anywhere}
.row{display:flex;justify-content:space-between;gap:1rem}
.row span:last-child{white-space:nowrap}
.row,dd{font-variant-numeric:tabular-nums}
.total{margin-top:.75rem;font-size:1.25rem;font-weight:700}
dl{margin:0}
dl div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;padding:.125rem 0}
dt{color:var(--soft)}
dd{margin:0 0 0 auto;text-align:right;overflow-wrap:anywhere}
.check{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;margin-top:1.25rem;padding-top:1.25rem;border-top:1px solid var(--line);break-inside:avoid}
.check>div:last-child{flex:1 1 12rem}
.check h3{margin-top:0}
@media(max-width:26rem){body{padding:.5rem}main{padding:1.125rem}}
.qr{width:10rem;margin:0 auto;padding:.25rem;background:#fff;border-radius:.25rem}
.qr svg{display:block;width:100%;height:auto}
@media print{
body{padding:0;background:#fff;color:#000;font-size:9.5pt;line-height:1.3}
h2{margin:.5rem 0 .25rem}h3{margin:.5rem 0 .125rem}li{padding:.25rem 0}.check{margin-top:.5rem;padding-top:.5rem}
main{max-width:100mm;padding:0;border:0}
a{color:inherit;text-decoration:none}
.language{display:none}
.state,.soft,dt,h3{color:#000}
}
)css";

inline constexpr char kReceiptPageTemplate[] = R"html(<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
{{#refresh}}<meta http-equiv="refresh" content="3">
{{/refresh}}<title>{{t_title}} {{order}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<h1>{{t_title}}</h1>
<a class="language soft" href="?lang={{other_lang}}" hreflang="{{other_lang}}" lang="{{other_lang}}">{{t_other_language}}</a>
<p class="soft order">{{t_order}} {{order}}</p>
</header>
<p class="state {{state_class}}" role="status">{{state_text}}</p>
{{#is_in_work}}<p class="soft">{{t_wait}}</p>
{{/is_in_work}}{{#error}}<p>{{error}}</p>
{{/error}}{{#receipts}}
<h2>{{kind}}</h2>
{{#has_seller}}<h3>{{t_seller}}</h3>
<dl>
{{#seller}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
{{/seller}}</dl>
{{/has_seller}}{{#has_items}}<h3>{{t_items}}</h3>
<ol>
{{#items}}<li>
<div class="name">{{name}}</div>
<div class="row"><span>{{quantity}} × {{price}}</span><span>= {{sum}}</span></div>
<div class="row soft"><span>{{method}}</span><span>{{rate}}</span></div>
</li>
{{/items}}</ol>
{{/has_items}}<div class="row total"><span>{{t_total}}</span><span>{{total}} ₽</span></div>
<h3>{{t_paid}}</h3>
<dl>
{{#payments}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
{{/payments}}</dl>
<h3>{{t_vat}}</h3>
<dl>
{{#taxes}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
{{/taxes}}</dl>
{{#mark}}<h3>{{t_mark}}</h3>
<dl>
{{#facts}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
{{/facts}}</dl>
<div class="check">
<div class="qr" role="img" aria-label="{{t_qr}}">{{{qr}}}</div>
<div>
<h3>{{t_check}}</h3>
{{#is_test}}<p class="soft">{{t_test}}</p>
{{/is_test}}{{^is_test}}<p class="soft">{{t_check_how}} <a href="https://kkt-online.nalog.ru/" rel="noopener noreferrer">kkt-online.nalog.ru</a>.</p>
{{/is_test}}</div>
</div>
{{/mark}}{{/receipts}}
</main>
</body>
</html>
)html";

}  // namespace fiscalgate::web
