// The addresses we give away: of a task's status (by its id), of its receipt page and of its dialog
// (each by a token that is the id under our key, so that a page shown to a buyer does not open the
// shop's API, and a link to a receipt does not open the dialog that can cancel it). Any thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/crypto.h"
#include "lib/base/id.h"
#include "lib/base/text.h"

namespace fiscalgate {

class Links {
 public:
  Links(std::string public_url, const base::KeyRing& keys)
      : public_url_(std::move(public_url)),
        keys_(keys),
        dialog_mask_(keys.Fingerprint("dialog v1").substr(0, 16)) {}

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

  // A path: whoever posted a form from a browser stays at the host the form was posted to.
  std::string Dialog(std::string_view id) const { return "/d/" + DialogToken(id); }
  std::string DialogToken(std::string_view id) const {
    return base::EncodeBase32(keys_.EncryptBlock(Masked(base::DecodeBase32(id))));
  }
  std::string IdOfDialogToken(std::string_view token) const {
    const std::string block = base::DecodeBase32(token);
    return block.empty() ? "" : base::EncodeBase32(Masked(keys_.DecryptBlock(block)));
  }
  // What the dialog of a task must say to act on it.
  std::string DialogSecret(std::string_view id) const {
    return base::HexEncode(keys_.Fingerprint("dialog acts on " + std::string(id)).substr(0, 16));
  }

 private:
  // Two uses of one cipher must not meet: the dialog encrypts another block than the receipt page.
  std::string Masked(std::string block) const {
    for (std::size_t i = 0; i < block.size(); ++i) {
      block[i] = static_cast<char>(block[i] ^ dialog_mask_[i % dialog_mask_.size()]);
    }
    return block;
  }

  const std::string public_url_;
  const base::KeyRing& keys_;
  const std::string dialog_mask_;
};

}  // namespace fiscalgate
