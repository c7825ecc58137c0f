// What the page of fault codes has of its own: its style and the template of its content. Only for
// faults_page.cpp.
#pragma once

#include "fcgi/web/frame.h"

namespace fiscalgate::web {

inline constexpr char kFaultsPageStyle[] = R"css(
:root{--switch:#6b3fa0}
@media screen and (prefers-color-scheme:dark){:root{--switch:#c9a6ff}}
main{max-width:52rem}
h2{margin:0;font-size:1rem}
h2 a{color:inherit;text-decoration:none}
h2 a:hover{text-decoration:underline}
section{padding:.875rem 0;border-top:1px solid var(--line);break-inside:avoid}
section:target{outline:2px solid var(--link);outline-offset:.25rem}
.head{display:flex;flex-wrap:wrap;gap:.125rem .75rem;align-items:baseline}
code{font:.9375em/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
p code{padding:.0625rem .25rem;background:var(--ground);border-radius:.25rem}
.rank{padding:0 .5rem;border:1px solid currentColor;border-radius:1rem;font-size:.8125rem}
.t_error{color:var(--bad)}.t_warning{color:var(--care)}.t_switchable{color:var(--switch)}
.legend{margin:.5rem 0 1rem;line-height:1.8}
)css";

inline constexpr char kFaultsPageContent[] = R"html(<p>{{t_intro}}</p>
<p class="soft legend"><span class="rank t_error">{{t_error}}</span> <span class="rank t_warning">{{t_warning}}</span> <span class="rank t_switchable">{{t_switchable}}</span> {{t_switchable_why}}</p>
{{#faults}}<section id="{{code}}">
<div class="head"><h2><a href="#{{code}}"><code>{{code}}</code></a></h2><span class="rank {{rank_class}}">{{rank}}</span></div>
<p>{{text}}</p>
<p class="soft" lang="{{other_lang}}">{{other_text}}</p>
<p class="soft">{{t_example}}: <code>{{example}}</code></p>
<p class="soft">{{t_source}}: {{source}}</p>
</section>
{{/faults}}
)html";

inline constexpr PageParts kFaultsPage{kFaultsPageStyle, kFaultsPageContent};

}  // namespace fiscalgate::web
