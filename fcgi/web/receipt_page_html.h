// What the receipt page has of its own: its style and the template of its content. Only for
// receipt_page.cpp.
#pragma once

#include "fcgi/web/frame.h"

namespace fiscalgate::web {

inline constexpr char kReceiptPageStyle[] = R"css(
main{max-width:30rem}
h2{margin:1.5rem 0 .5rem;font-size:1.0625rem}
h3{margin:1.25rem 0 .375rem;font-size:.8125rem;font-weight:600;color:var(--soft)}
.state{display:inline-block;margin:.75rem 0 .25rem;padding:.1875rem .75rem;border:1px solid currentColor;border-radius:1rem;font-size:.875rem;font-weight:600}
.done{color:var(--good)}.failed{color:var(--bad)}.unknown,.queued{color:var(--care)}
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
.qr{width:10rem;margin:0 auto;padding:.25rem;background:#fff;border-radius:.25rem}
.pay{display:inline-block;padding:.5rem 1rem;border:1px solid currentColor;border-radius:.5rem;font-weight:600}
.qr svg{display:block;width:100%;height:auto}
@media print{
main{max-width:100mm}
h2{margin:.5rem 0 .25rem;font-size:11pt}h3{margin:.5rem 0 .125rem;font-size:8.5pt}li{padding:.25rem 0}
.total{font-size:13pt}.state{font-size:8.5pt}.check{margin-top:.5rem;padding-top:.5rem}
a{color:inherit;text-decoration:none}
.state,dt,h3{color:#000}
}
)css";

inline constexpr char kReceiptPageContent[] =
    R"html(<p class="state {{state_class}}" role="status">{{state_text}}</p>
{{#is_in_work}}<p class="soft">{{t_wait}}</p>
{{/is_in_work}}{{#is_unknown}}<p class="soft">{{t_unknown}}</p>
{{/is_unknown}}{{#is_failed}}<p class="soft">{{t_failed}}{{#error}} {{t_reason}}: {{error}}{{/error}}</p>
{{/is_failed}}{{#payment_url}}<p><a class="pay" href="{{payment_url}}" rel="noreferrer">{{t_pay}}</a></p>
{{/payment_url}}{{#provider}}<div class="check">
<div class="qr" role="img" aria-label="{{t_link_qr}}">{{{qr}}}</div>
<div><a href="{{url}}" rel="noopener noreferrer">{{t_provider_receipt}}</a></div>
</div>
{{/provider}}{{#receipts}}
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
)html";

inline constexpr PageParts kReceiptPage{kReceiptPageStyle, kReceiptPageContent};

}  // namespace fiscalgate::web
