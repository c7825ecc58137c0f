// The bodies that BIFIT's processing answers with. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/emulator/cloud/service.h"
#include "lib/http/message.h"

namespace fiscalgate::emulator::bifit {

// The first document of an emulator has the number after this one: they look like the vendor's.
inline constexpr std::int64_t kFirstNumber = 254'000;

// {"error", "error_description"}: of tokens.
http::Response OAuthError(int status, std::string_view error, std::string_view description);
// {"error", "message", "errors"}: of documents.
http::Response Refused(int status, std::string_view message,
                       const std::vector<std::string>& errors = {});
http::Response Json(std::string body);

// `printed` is nullptr unless the stage says that it was.
std::string DocumentBody(const cloud::Record& record, cloud::Stage stage,
                         const register_::Printed* printed);
// For the buyer; `printed` may be nullptr.
std::string PageBody(std::string_view state, const register_::Printed* printed);

}  // namespace fiscalgate::emulator::bifit
