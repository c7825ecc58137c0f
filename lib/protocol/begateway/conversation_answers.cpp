// What answers mean, and what follows from them.
#include <algorithm>
#include <utility>

#include "lib/protocol/begateway/conversation.h"
#include "lib/protocol/begateway/outcome.h"

namespace fiscalgate::protocol::begateway {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The provider keeps a request id for 24 hours: an hour of them is left for clocks that differ.
constexpr hours kRequestIdLife{23};
// A request whose answer was lost may still be worked on; only then is "there is none" believed
// where no request id protects a repeat.
constexpr minutes kSettled{10};
constexpr seconds kSettledAlternative{30};
// A page lives for a day unless told otherwise.
constexpr hours kPageLife{25};
constexpr int kPatience = 20;  // questions, about a quarter of an hour

std::string WithStatus(std::string_view what, const http::Answer& answer) {
  return std::string(what) + " (HTTP " + std::to_string(answer.response.status) + ")";
}

std::string Saying(std::string what, const std::string& message) {
  return message.empty() ? what : what + ": " + message;
}

}  // namespace

Move Conversation::OnAnswer(const http::Answer& answer) {
  if (auto stop = Open()) return std::move(*stop);
  if (answer.delivery == http::Delivery::kNotSent) {
    // Proven: what was to be the first post of this round has not left.
    if (notes_.phase == Phase::kPosted && notes_.posts == 1) {
      notes_.phase = Phase::kReady;
      notes_.posts = 0;
    }
    return Trouble("сервис недоступен: " + answer.error);
  }
  if (answer.delivery == http::Delivery::kNoAnswer) {
    return Trouble("ответ сервиса потерян: " + answer.error);
  }
  protocol::begateway::Answer read = ReadAnswer(answer.response);
  if (read.kind == AnswerKind::kUnauthorized) {
    return Trouble(WithStatus("сервис не принимает shop_id и secret_key", answer));
  }
  if (read.kind == AnswerKind::kBusy) {
    constexpr int kTooEarly = 425;  // only of this one request
    const std::string reason = WithStatus("сервис занят", answer);
    if (answer.response.status == kTooEarly) return Wait(reason, read.retry_after);
    return Trouble(reason, read.retry_after);
  }
  if (read.kind == AnswerKind::kUnclear) {
    constexpr int kServerError = 500;
    const std::string reason = WithStatus("ответ сервиса непонятен", answer);
    return answer.response.status >= kServerError ? Trouble(reason) : Wait(reason);
  }
  switch (notes_.phase) {
    case Phase::kPosted:
      return AfterPost(read);
    case Phase::kSearching:
      return AfterSearch(std::move(read));
    case Phase::kPage:
      return AfterPage(read);
    case Phase::kAsking:
      return AfterUid(read);
    case Phase::kReady:
      break;
  }
  return AskAgain();
}

// ---- the first request

Move Conversation::AfterPost(const Answer& answer) {
  if (answer.kind == AnswerKind::kRefused || answer.kind == AnswerKind::kNotFound) {
    return Refused(answer);
  }
  if (order_.is_page) {
    const Checkout& page = answer.checkout;
    if (page.token.empty() || page.redirect_url.empty()) {
      return Wait("в ответе сервиса нет страницы оплаты");
    }
    notes_.token = page.token;
    notes_.payment_url = page.redirect_url;
    notes_.phase = Phase::kPage;
    return Wait("");
  }
  const bool is_one = answer.transactions.size() == 1 && MayBeOurs(answer.transactions.front());
  if (!is_one) return Wait("в ответе сервиса чужая операция");
  return Adopt(answer.transactions.front());
}

// A repeat may be refused because of the request it repeats.
Move Conversation::Refused(const Answer& answer) {
  const std::string text = RefusalText(answer);
  if (notes_.posts <= 1) return NotPaid("сервис отказал: " + text, "invalid_receipt");
  notes_.refusal = text;
  return Search();
}

// What the provider does not tell counts as right: its answers differ in what they hold.
bool Conversation::MayBeOurs(const Transaction& one) const {
  const auto fits = [](const std::string& told, std::string_view ours) {
    return told.empty() || told == ours;
  };
  const base::Money total = package_->receipt->Total();
  return fits(one.type, OperationName(order_.operation)) &&
         fits(one.tracking_id, talk_.head.task.id) && fits(one.currency, merchant_.currency) &&
         (one.amount.kopecks == 0 || one.amount == total) &&
         std::find(notes_.failed.begin(), notes_.failed.end(), one.uid) == notes_.failed.end();
}

// ---- the question whether there is a transaction of ours

const Transaction* Conversation::OursAmong(Answer* answer) const {
  std::erase_if(answer->transactions, [&](const Transaction& one) {
    return std::find(notes_.failed.begin(), notes_.failed.end(), one.uid) != notes_.failed.end();
  });
  return FindOurs(*answer, order_.operation, talk_.head.task.id, package_->receipt->Total(),
                  merchant_.currency);
}

Move Conversation::AfterSearch(Answer answer) {
  if (answer.kind == AnswerKind::kRefused || answer.kind == AnswerKind::kCheckout) {
    return Wait("сервис не ответил на вопрос об операции: " + RefusalText(answer));
  }
  const Transaction* const ours = OursAmong(&answer);
  return ours == nullptr ? NothingFound() : Adopt(*ours);
}

Move Conversation::NothingFound() {
  if (notes_.is_page_over) return NotPaid("покупатель не заплатил в срок", "payment_expired");
  const bool is_refused = !notes_.refusal.empty();
  if (!is_refused && !notes_.token.empty()) {
    notes_.phase = Phase::kPage;
    return Wait("страница оплаты закрыта, а операции ещё нет");
  }
  // Nobody has the address of a page whose token was lost.
  if (!is_refused && (notes_.posts == 0 || order_.is_page)) return Post();
  // Counted from the question, not from the post: the clock may have been set in between.
  const bool is_set = notes_.none_since != base::WallTime() && notes_.none_since <= talk_.now;
  if (!is_set) notes_.none_since = talk_.now;
  const base::Milliseconds quiet = talk_.now - notes_.none_since;
  const bool is_fresh = talk_.now - notes_.made_at < kRequestIdLife;
  const base::Milliseconds settled = notes_.api == Api::kAlternative && is_fresh
                                         ? base::Milliseconds(kSettledAlternative)
                                         : base::Milliseconds(kSettled);
  const bool is_protected =
      order_.is_page || (!is_refused && notes_.api == Api::kCards && is_fresh);
  if (!is_protected && quiet < settled) {
    return Wait("сервис ещё не знает операции",
                std::max<base::Milliseconds>(settled - quiet, seconds(1)));
  }
  if (is_refused) return NotPaid("сервис отказал: " + notes_.refusal, "invalid_receipt");
  if (!is_fresh) NewRound();
  return Post();
}

// ---- the payment page

Move Conversation::AfterPage(const Answer& answer) {
  if (answer.kind == AnswerKind::kNotFound) {
    if (talk_.now - notes_.posted_at > kPageLife) return PageIsOver();
    return Wait("сервис не знает страницы оплаты");
  }
  const Checkout& page = answer.checkout;
  if (answer.kind != AnswerKind::kCheckout || page.token != notes_.token) {
    return Wait("сервис не ответил о странице оплаты: " + RefusalText(answer));
  }
  const bool is_open = !page.is_finished && !page.is_expired && page.status != "error";
  const bool was_declined =
      std::find(notes_.failed.begin(), notes_.failed.end(), page.uid) != notes_.failed.end();
  if (!page.uid.empty() && !was_declined) {
    notes_.uid = page.uid;
    notes_.is_page_open = is_open;
    return AskByUid();
  }
  if (page.is_expired || page.status == "error") return PageIsOver();
  if (page.is_finished) return was_declined ? PageIsOver() : Search();
  return Wait("");
}

// Declined, and the page is open: the buyer may pay there after all.
Move Conversation::BackToPage() {
  RememberFailed();
  notes_.uid.clear();
  notes_.is_page_open = false;
  notes_.phase = Phase::kPage;
  return Wait("оплата отклонена, покупатель ещё может заплатить");
}

// Once more by the tracking id before it is told that nobody paid.
Move Conversation::PageIsOver() {
  notes_.is_page_over = true;
  return Search();
}

// ---- the transaction

Move Conversation::Adopt(const Transaction& transaction) {
  notes_.uid = transaction.uid;
  notes_.is_page_open = false;
  notes_.phase = Phase::kAsking;
  notes_.refusal.clear();
  return JudgePayment(transaction);
}

Move Conversation::AfterUid(const Answer& answer) {
  if (answer.kind == AnswerKind::kNotFound) {
    // On a page the buyer may have chosen something that is no card.
    if (order_.is_page && notes_.flips < 2) {
      ++notes_.flips;
      notes_.api = notes_.api == Api::kCards ? Api::kAlternative : Api::kCards;
      return AskByUid();
    }
    if (talk_.asks > kPatience) return Unknown("сервис больше не знает операции " + notes_.uid);
    return Wait("сервис не знает операции " + notes_.uid);
  }
  const bool is_one = answer.kind == AnswerKind::kTransactions && answer.transactions.size() == 1 &&
                      answer.transactions.front().uid == notes_.uid &&
                      MayBeOurs(answer.transactions.front());
  if (!is_one) return Wait("сервис не ответил об операции: " + RefusalText(answer));
  return JudgePayment(answer.transactions.front());
}

Move Conversation::JudgePayment(const Transaction& transaction) {
  switch (transaction.payment) {
    case PaymentState::kSuccessful:
      notes_.is_paid = true;
      notes_.payment_url.clear();
      return JudgeReceipt(transaction);
    case PaymentState::kIncomplete:
      if (!transaction.redirect_url.empty()) notes_.payment_url = transaction.redirect_url;
      return Wait("");
    case PaymentState::kPending:
      return Wait("");
    case PaymentState::kUnclear:
      return Wait("состояние операции непонятно: " + transaction.status);
    case PaymentState::kFailed:
    case PaymentState::kExpired:
    case PaymentState::kError:
      break;
  }
  if (notes_.is_paid) {
    return Unknown("операция была успешной, теперь она " + transaction.status);
  }
  if (notes_.is_page_open) return BackToPage();
  if (transaction.payment == PaymentState::kExpired) {
    return NotPaid(Saying("покупатель не заплатил в срок", transaction.message), "payment_expired");
  }
  const bool is_declined = transaction.payment == PaymentState::kFailed;
  return NotPaid(
      Saying(is_declined ? "операция отклонена" : "ошибка операции у сервиса", transaction.message),
      is_declined ? "bank_declined" : "register_error");
}

Move Conversation::JudgeReceipt(const Transaction& transaction) {
  const Fiscal& fiscal = transaction.fiscal;
  switch (fiscal.state) {
    case FiscalState::kDone:
      return End(DoneOutcome(*package_, transaction));
    case FiscalState::kFailed:
      return End(NotPrintedOutcome(*package_, transaction, "касса сервиса отказала"));
    case FiscalState::kError:
      return End(NotPrintedOutcome(*package_, transaction, "ошибка сервиса"));
    case FiscalState::kNone:
      if (talk_.asks > kPatience) {
        return End(NotPrintedOutcome(*package_, transaction, "у операции нет чека"));
      }
      return Wait("оплачено, у операции ещё нет чека");
    case FiscalState::kUnclear:
      return Wait("оплачено, состояние чека непонятно: " + fiscal.status);
    case FiscalState::kPending:
      break;
  }
  return Wait("");
}

}  // namespace fiscalgate::protocol::begateway
