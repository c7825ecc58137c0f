// What is remembered of a conversation between two requests, stored with the task before each of
// them leaves. No secrets, no card token, nothing of the buyer. Plain values; pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/protocol/begateway/codec.h"

namespace fiscalgate::protocol::begateway {

// The request that went last, or is to go: what an answer is an answer to.
enum class Phase {
  kReady,      // nothing of this round has left
  kPosted,     // the transaction, or the page, was asked for; nothing is known of that
  kSearching,  // by the tracking id: whether there is one
  kPage,       // the buyer has the address of the payment page
  kAsking,     // by the transaction's uid
};

struct Notes {
  std::string merchant;  // fingerprint of whom we speak to, and as whom
  Phase phase = Phase::kReady;
  Api api = Api::kCards;
  int round = 1;           // one a RequestID
  std::string request_id;  // of this round
  base::WallTime made_at;  // the request id, at the latest when it left first
  base::WallTime posted_at;
  base::WallTime none_since;  // asked since the last post, the provider knows of none; 0: not so
  int posts = 0;              // of this round
  std::string uid, token, payment_url;
  bool is_paid = false;
  bool is_page_over = false;
  bool is_page_open = false;  // of the transaction asked about: the buyer may make another there
  bool is_over = false;       // an operator's retry goes on from here
  int flips = 0;              // of `api`, where nothing says which one it is
  std::string refusal;        // to a repeated post, until it is known what became of the first
  std::vector<std::string> failed;  // uids of earlier rounds, newest last
};

std::string WriteNotes(const Notes& notes);
// Nothing unless WriteNotes may have written it.
std::optional<Notes> ReadNotes(std::string_view text);

// The RequestID of that round of the task: always the same, and of no other.
std::string RequestIdOf(std::string_view task_id, int round);

}  // namespace fiscalgate::protocol::begateway
