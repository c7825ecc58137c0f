// One register at Orange Data, and the conversation that prints a receipt there:
//
//   post --> ask --> done
//    ^ |      |`--> failed           a marking code was refused
//    | |      `--> post              expired unprinted: under a new id
//    | `-> verify --> failed         refused, and no earlier post of it was not
//    `------------------'            tried again by an operator: under a new id
//
// A document has an id, and an id has its bytes: they are kept before they are sent and any repeat
// is of the same bytes. A new id is taken only when the service has said that nothing was, or will
// be, printed under the old one. Immutable; any thread.
#pragma once

#include <string>

#include "lib/base/rsa.h"
#include "lib/protocol/cloud.h"
#include "lib/protocol/cloud_moves.h"
#include "lib/protocol/orangedata/codec.h"
#include "lib/protocol/orangedata/notes.h"

namespace fiscalgate::protocol::orangedata {

struct AccountSettings {
  Account account;
  std::string client_certificate;  // both or neither
  base::Secret client_key;
  std::string trusted_authorities;
};

class OrangeDataAccount final : public CloudAccount {
 public:
  OrangeDataAccount(AccountSettings settings, base::RsaPrivateKey key, Mapping mapping,
                    task::Register of);

  ffd::Faults Check(const bit::ReadPackageResult& package) const override;
  CloudLinks LinksOf(const task::Task& task, const task::Package& package) const override;
  Move Next(const Talk& talk) const override;
  Move OnAnswer(const Talk& talk, const http::Answer& answer) const override;
  std::optional<Query> HealthQuery(const Session* session) const override;
  Health OnHealth(const http::Answer& answer) const override;

 private:
  base::Result<Notes> Write(const Talk& talk, int turn) const;
  Move Begin(const Talk& talk, int turn, std::string notes_if_not) const;
  Move Post(const Talk& talk, Notes notes) const;
  Move AskStatus(const Talk& talk, Notes notes, Stage stage) const;

  Move OnPosted(const Talk& talk, Notes notes, const http::Answer& answer) const;
  Move OnStatus(const Talk& talk, Notes notes, const http::Answer& answer) const;
  Move OnDone(const Talk& talk, Notes notes, const StatusAnswer& read) const;
  Move OnMissing(const Talk& talk, Notes notes, Trouble trouble) const;
  Move OnMarkingFailed(const Talk& talk, Notes notes, const StatusAnswer& read) const;
  Move OnExpired(const Talk& talk, const Notes& notes) const;
  Move OnRefused(const Talk& talk, Notes notes) const;

  http::SendOptions Options() const;

  const AccountSettings settings_;
  const base::RsaPrivateKey key_;
  const Mapping mapping_;
  const task::Register register_;
};

}  // namespace fiscalgate::protocol::orangedata
