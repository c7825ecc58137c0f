// HTTP messages as text (RFC 9112), the way they travel between gateway and agent: the request for
// the driver, and the driver's answer. Pure; any thread. What comes from an agent is hostile until
// it is parsed.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/http/message.h"

namespace fiscalgate::agents {

// "POST /path HTTP/1.1", the headers without Host, Content-Length and Connection, an empty line,
// the body. Errors: kInvalid: a method, path or header that would break the form.
base::Result<std::string> WriteRequest(const http::Request& request);

// Status line, headers, empty line, body; every line ends in CRLF. Errors: kMalformed; kTooLarge:
// over kMaxAnswerBytes, kMaxAnswerHeaderBytes or kMaxAgentHeaders.
base::Result<http::Response> ReadResponse(std::string_view message);

}  // namespace fiscalgate::agents
