// The next move of one conversation: what to send after what was stored and answered. Made for one
// call and thrown away; pure; one thread.
//
// A transaction is never asked for twice under two request ids unless the provider has said, when
// asked by the tracking id, that there is none of the first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/protocol/begateway/answer.h"
#include "lib/protocol/begateway/notes.h"
#include "lib/protocol/begateway/order.h"
#include "lib/protocol/cloud_package.h"

namespace fiscalgate::protocol::begateway {

class Conversation {
 public:
  Conversation(const Merchant& merchant, const Talk& talk) : merchant_(merchant), talk_(talk) {}

  Move Next();
  Move OnAnswer(const http::Answer& answer);

 private:
  // Reads package and notes; a move: why it cannot go on.
  std::optional<Move> Open();
  Notes FirstNotes() const;
  Move Resume();

  // ---- what to ask
  Move Ask(http::Request request) const;
  Move Post();
  Move Search();
  Move AskByUid();
  Move AskPage();
  Move AskAgain();

  // ---- what an answer means
  Move AfterPost(const Answer& answer);
  Move AfterSearch(Answer answer);
  Move AfterPage(const Answer& answer);
  Move AfterUid(const Answer& answer);
  Move Refused(const Answer& answer);
  Move NothingFound();
  Move PageIsOver();
  Move BackToPage();
  Move Adopt(const Transaction& transaction);
  Move JudgePayment(const Transaction& transaction);
  Move JudgeReceipt(const Transaction& transaction);
  bool MayBeOurs(const Transaction& transaction) const;
  const Transaction* OursAmong(Answer* answer) const;

  // ---- how a call ends
  Move Wait(std::string reason, std::optional<base::Milliseconds> pause = {}) const;
  Move Trouble(std::string reason, std::optional<base::Milliseconds> pause = {}) const;
  Move End(task::Outcome outcome);
  Move NotPaid(std::string error, std::string_view error_code);
  Move Unknown(std::string error);
  void NewRound();
  void RememberFailed();
  task::State State() const;
  base::Milliseconds Pause() const;

  const Merchant& merchant_;
  const Talk& talk_;
  std::optional<CloudPackage> package_;
  Order order_;
  Notes notes_;
};

}  // namespace fiscalgate::protocol::begateway
