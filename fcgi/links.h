// The addresses we give away: of a task's status (by its id) and of its receipt page (by a token
// that is the id under our key, so that a page shown to a buyer does not open the shop's API). Any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/crypto.h"
#include "lib/base/id.h"

namespace fiscalgate {

class Links {
 public:
  Links(std::string public_url, const base::KeyRing& keys)
      : public_url_(std::move(public_url)), keys_(keys) {}

  std::string Status(std::string_view id) const {
    return public_url_ + "/api/fiscal/receipts/" + std::string(id);
  }
  std::string Receipt(std::string_view id) const {
    return public_url_ + "/r/" + base::EncodeBase32(keys_.EncryptBlock(base::DecodeBase32(id)));
  }
  // The id behind the token of a receipt page; "" if the token has not the form of one.
  std::string IdOfToken(std::string_view token) const {
    const std::string block = base::DecodeBase32(token);
    return block.empty() ? "" : base::EncodeBase32(keys_.DecryptBlock(block));
  }

 private:
  const std::string public_url_;
  const base::KeyRing& keys_;
};

}  // namespace fiscalgate
