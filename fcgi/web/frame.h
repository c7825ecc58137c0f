// The frame of the public pages: head, common style, heading, and the link to the other language.
// Only for the pages of this folder. Pure; any thread.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>

#include "lib/base/language.h"

namespace fiscalgate::web {

// What a page has of its own: constant texts.
struct PageParts {
  const char* style;
  const char* content;  // a template, placed below the heading
};

// `page` holds what the content names, and for the frame: "t_title", "t_other_language"; if wanted
// also "order" (with "t_order"), "refresh" (every few seconds) and "is_private" (not for search
// engines). Everything in it is escaped.
std::string RenderPage(const PageParts& parts, base::Language language,
                       kainjow::mustache::data page);

// What the page may load and do: its own style, by hash, and nothing else.
std::string PagePolicy(const PageParts& parts);

}  // namespace fiscalgate::web
