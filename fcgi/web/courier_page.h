// The courier's page and its sign-in as HTML. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/language.h"
#include "lib/store/couriers.h"

namespace fiscalgate::web {

enum class SignInTrouble { kNone, kWrong, kTooMany, kBusy };
std::string RenderSignIn(base::Language language, SignInTrouble trouble);
// `secret`: what the page's requests must say.
std::string RenderCourier(const store::Courier& courier, const std::string& secret,
                          base::Language language);

inline constexpr std::string_view kCourierPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

}  // namespace fiscalgate::web
