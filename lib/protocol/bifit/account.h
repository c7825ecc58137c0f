// One register at BIFIT, and the conversation that prints a receipt there:
//
//   post --> ask --> done
//    |        |`--> reload --> ask ...      a document in error, once more
//    `-> refused `-> failed                 both may be tried again by an operator
//
// The receipt is posted under a key that is minted once and kept with the exact bytes: any repeat
// is the same document. A refused receipt goes out under the same key again, a failed one is
// fiscalised again as the document it is; no second one is ever made. Immutable; any thread.
#pragma once

#include <string>

#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/bifit/notes.h"
#include "lib/protocol/cloud.h"
#include "lib/protocol/cloud_moves.h"

namespace fiscalgate::protocol::bifit {

struct AccountSettings {
  std::string url;
  base::Secret connector_token;
  base::Secret broker_token;  // empty: nothing can be reloaded
  std::string cashier;        // of receipts that name none
  DocumentShape shape;
  bool reloads_itself = true;
  int reload_limit = 0;
  std::string trusted_authorities;
};

class BifitAccount final : public CloudAccount {
 public:
  BifitAccount(AccountSettings settings, Mapping mapping, task::Register of);

  ffd::Faults Check(const bit::ReadPackageResult& package) const override;
  bool NeedsNumber() const override { return true; }
  CloudLinks LinksOf(const task::Task& task, const task::Package& package) const override;
  Move Next(const Talk& talk) const override;
  Move OnAnswer(const Talk& talk, const http::Answer& answer) const override;
  bool NeedsSession() const override { return true; }
  Query LogInQuery(const Session* last) const override;
  LogIn OnLogIn(const http::Answer& answer, base::WallTime now) const override;

 private:
  base::Result<Notes> Mint(const task::Task& task, const ffd::Receipt& receipt) const;
  Move Begin(const Talk& talk) const;
  Move Post(const Talk& talk, Notes notes) const;
  Move AskDocument(const Talk& talk, Notes notes) const;
  Move Reload(const Talk& talk, Notes notes) const;
  bool IsElsewhere(const Notes& notes) const;
  Move Moved(Notes notes) const;

  Move OnPosted(const Talk& talk, Notes notes, const http::Answer& answer) const;
  Move OnRefused(const Talk& talk, Notes notes, const std::string& error) const;
  Move OnDocument(const Talk& talk, Notes notes, const http::Answer& answer) const;
  Move OnMissing(const Talk& talk, Notes notes, Trouble trouble) const;
  Move OnDocumentFailed(const Talk& talk, Notes notes, const std::string& error) const;
  Move OnReloaded(const Talk& talk, Notes notes, const http::Answer& answer) const;

  bool MayReload(const Notes& notes, ErrorCause cause) const;
  http::SendOptions Options() const;
  std::string Clean(const Talk& talk, std::string error) const;

  const AccountSettings settings_;
  const Mapping mapping_;
  const task::Register register_;
};

}  // namespace fiscalgate::protocol::bifit
