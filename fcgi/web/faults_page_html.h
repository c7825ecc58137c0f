// The template of the page of fault codes and its style. Only for faults_page.cpp.
#pragma once

namespace fiscalgate::web {

inline constexpr char kFaultsPageStyle[] = R"css(
:root{color-scheme:light dark;--ink:#1a1d21;--soft:#5c6470;--line:#d8dbe0;--paper:#fff;--code:#f1f2f4;--link:#0b57b0}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e9ebee;--soft:#a3abb6;--line:#3a4048;--paper:#1f2328;--code:#2b3138;--link:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto}
header{display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between;align-items:baseline}
h1{margin:0 0 .5rem;font-size:1.5rem}
h2{margin:0;font-size:1rem}
p{margin:.25rem 0}
a{color:var(--link)}
h2 a{color:inherit;text-decoration:none}
h2 a:hover{text-decoration:underline}
section{padding:.875rem 0;border-top:1px solid var(--line);break-inside:avoid}
section:target{outline:2px solid var(--link);outline-offset:.25rem}
.head{display:flex;flex-wrap:wrap;gap:.125rem .75rem;align-items:baseline}
code{font:.9375em/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
p code{padding:.0625rem .25rem;background:var(--code);border-radius:.25rem}
.soft{color:var(--soft);font-size:.875rem}
.rank{padding:0 .5rem;border:1px solid currentColor;border-radius:1rem;font-size:.8125rem}
.t_error{color:#b3261e}.t_warning{color:#7a5600}.t_switchable{color:#6b3fa0}
@media screen and (prefers-color-scheme:dark){.t_error{color:#ff8a80}.t_warning{color:#e6b450}.t_switchable{color:#c9a6ff}}
@media print{body{padding:0;background:#fff;color:#000;font-size:10pt}.language{display:none}}
)css";

inline constexpr char kFaultsPageTemplate[] = R"html(<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{t_title}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<h1>{{t_title}}</h1>
<a class="language soft" href="?lang={{other_lang}}" hreflang="{{other_lang}}" lang="{{other_lang}}">{{t_other_language}}</a>
</header>
<p>{{t_intro}}</p>
<p class="soft"><span class="rank t_error">{{t_error}}</span> <span class="rank t_warning">{{t_warning}}</span> <span class="rank t_switchable">{{t_switchable}}</span> {{t_switchable_why}}</p>
{{#faults}}<section id="{{code}}">
<div class="head"><h2><a href="#{{code}}"><code>{{code}}</code></a></h2><span class="rank {{rank_class}}">{{rank}}</span></div>
<p>{{text}}</p>
<p class="soft" lang="{{other_lang}}">{{other_text}}</p>
<p class="soft">{{t_source}}: <span lang="ru">{{source}}</span></p>
<p class="soft">{{t_example}}: <code lang="ru">{{example}}</code></p>
</section>
{{/faults}}
</main>
</body>
</html>
)html";

}  // namespace fiscalgate::web
