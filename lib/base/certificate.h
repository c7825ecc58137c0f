// How long certificates are good for: read from PEM text, which may come from anywhere. Signatures
// are not looked at. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace fiscalgate::base {

struct CertificateTerm {
  WallTime not_before, not_after;
};

// Of all certificates in the text, in order; what else is in it (a key) is passed over. Errors:
// kNotFound: there is none; kMalformed.
Result<std::vector<CertificateTerm>> ReadCertificateTerms(std::string_view pem);

}  // namespace fiscalgate::base
