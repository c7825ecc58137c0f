// The templates of the dialog. Only for dialog_page.cpp; style and script are in static/.
#pragma once

namespace fiscalgate::web {

inline constexpr char kDialogTemplate[] = R"html(<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
{{#refresh}}<noscript><meta http-equiv="refresh" content="3;url={{base}}?lang={{lang}}"></noscript>
{{/refresh}}<title>{{title}} · {{t_order}} {{order}}</title>
<link rel="stylesheet" href="{{style}}">
<link rel="icon" href="data:,">
<script type="module" src="{{script}}"></script>
</head>
<body>
<main id="dialog" data-state="{{state}}" data-version="{{version}}" data-base="{{base}}" data-lang="{{lang}}">
<header>
<h1>{{t_title}}</h1>
<a class="language soft" href="{{base}}?lang={{other_lang}}" hreflang="{{other_lang}}" lang="{{other_lang}}">{{t_other_language}}</a>
<p class="soft order">{{t_order}} {{order}}</p>
</header>
<ol class="steps" aria-hidden="true">
<li>{{t_step_taken}}</li><li>{{t_step_queued}}</li><li>{{t_step_sending}}</li><li>{{t_step_printed}}</li>
</ol>
<div class="now" role="status" aria-live="polite" aria-atomic="true">
<h2 id="title">{{title}}</h2>
<p id="text">{{text}}</p>
</div>
<p id="said" class="said"{{^said}} hidden{{/said}}><span class="soft">{{t_said}}:</span> <q id="words" lang="ru">{{said}}</q></p>
<p id="notice" class="notice" role="alert" data-late="{{t_late}}" data-trouble="{{t_trouble}}"{{^too_late}} hidden{{/too_late}}>{{#too_late}}{{t_late}}{{/too_late}}</p>
<p id="pay" class="buttons"{{^payment_url}} hidden{{/payment_url}}><a class="button primary" href="{{payment_url}}" rel="noreferrer">{{t_pay}}</a></p>
<div id="provider" class="mark"{{^provider_url}} hidden{{/provider_url}}>
<img id="link-qr" class="qr" width="160" height="160" alt="{{t_link_qr}}"{{#provider_url}} src="{{base}}/link.svg"{{/provider_url}}>
<div><a id="provider-link" href="{{provider_url}}" target="_blank" rel="noopener noreferrer">{{t_provider_receipt}}</a></div>
</div>
<div id="mark" class="mark"{{^has_mark}} hidden{{/has_mark}}>
<img id="qr" class="qr" width="160" height="160" alt="{{t_qr}}"{{#has_mark}} src="{{base}}/qr.svg"{{/has_mark}}>
<div>
<dl id="facts">
{{#facts}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
{{/facts}}</dl>
<a id="receipt" href="{{receipt_url}}?lang={{lang}}" target="_blank" rel="noopener">{{t_receipt}}</a>
</div>
</div>
<form id="leave" method="post" accept-charset="utf-8"{{#leave_url}} action="{{leave_url}}"{{/leave_url}}{{^leave_url}} hidden{{/leave_url}}>
<textarea name="json" hidden readonly>{{leave_json}}</textarea>
<p id="countdown" class="soft" hidden>{{t_leaving}} <span id="seconds">3</span> {{t_seconds}}</p>
<div class="buttons"><button class="primary">{{t_leave}}</button>
<button id="stay" type="button" hidden>{{t_stay}}</button></div>
</form>
<p id="site"{{^shop_site}} hidden{{/shop_site}}><a href="{{shop_site}}" rel="noreferrer">{{t_leave_unknown}}</a></p>
<form id="retry" method="post" action="{{base}}/retry?lang={{lang}}"{{^can_retry}} hidden{{/can_retry}}>
<input type="hidden" name="secret" value="{{secret}}">
<button>{{t_retry}}</button>
</form>
<form id="cancel" method="post" action="{{base}}/cancel?lang={{lang}}"{{^can_cancel}} hidden{{/can_cancel}}>
<input type="hidden" name="secret" value="{{secret}}">
<button>{{t_cancel}}</button>
</form>
{{#refresh}}<noscript><p class="soft">{{t_noscript}}</p></noscript>
{{/refresh}}</main>
</body>
</html>
)html";

inline constexpr char kRefusalTemplate[] = R"html(<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{{title}}</title>
<link rel="stylesheet" href="{{style}}">
<link rel="icon" href="data:,">
</head>
<body>
<main id="refusal" data-state="failed">
<header><h1>{{t_title}}</h1></header>
<div class="now" role="alert">
<h2 id="title">{{title}}</h2>
<p id="text">{{text}}</p>
</div>
{{#has_faults}}<h3>{{t_faults}}</h3>
<ul class="faults">
{{#faults}}<li><p>{{message}}</p><p class="soft"><code>{{code}}</code>{{#path}} <code>{{path}}</code>{{/path}}</p></li>
{{/faults}}</ul>
{{/has_faults}}</main>
</body>
</html>
)html";

}  // namespace fiscalgate::web
