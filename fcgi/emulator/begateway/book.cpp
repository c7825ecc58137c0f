#include "fcgi/emulator/begateway/book.h"

#include <algorithm>
#include <array>

namespace fiscalgate::emulator::begateway {
namespace {

constexpr std::chrono::hours kRequestIdAge{24};    // documented
constexpr std::chrono::seconds kDuplicateAge{30};  // documented
constexpr std::size_t kMaxTracked = 10;            // documented
constexpr std::string_view kPaid = "Successfully processed";

std::string Declined(Kind kind) {
  return kind == Kind::kAuthorization ? "Authorization was declined" : "Payment was declined";
}

void Finish(bool approve, base::WallTime now, Transaction* transaction) {
  transaction->status = approve ? Status::kSuccessful : Status::kFailed;
  transaction->message = approve ? std::string(kPaid) : Declined(transaction->kind);
  transaction->due.reset();
  if (approve) transaction->paid_at = now;
}

FiscalStatus FiscalOf(cloud::Stage stage) {
  switch (stage) {
    case cloud::Stage::kPrinted:
      return FiscalStatus::kSuccessful;
    case cloud::Stage::kFailed:
      return FiscalStatus::kFailed;
    case cloud::Stage::kExpired:
      return FiscalStatus::kExpired;
    case cloud::Stage::kProcessing:
    case cloud::Stage::kNothing:
      break;
  }
  return FiscalStatus::kIncomplete;
}

bool IsPaid(const Transaction& transaction) { return transaction.status == Status::kSuccessful; }

}  // namespace

Book::Book(cloud::Cloud& cloud, const cloud::Service& service, OnNews on_news)
    : cloud_(cloud), service_(service), on_news_(std::move(on_news)) {
  constexpr std::int64_t kDay = 24 * 3600, kYear = 366 * kDay;
  cloud_.numbers.Declare(kExpireS, kDay, 1, kYear);
  // Tests need it off: they prove that nobody asks for it.
  cloud_.numbers.Declare(kDuplicateCheck, 0, 0, 1);
}

base::Status Book::Load() {
  for (const cloud::Record& record : cloud_.ledger->records()) {
    if (!KindFromName(record.kind)) continue;  // a payment page
    auto transaction = ReadNotes(record.notes, record.request);
    if (!transaction) {
      return base::Error{base::Code::kMalformed, "transaction " + record.key + " cannot be read"};
    }
    Remember(*std::move(transaction));
  }
  return base::Ok();
}

void Book::Remember(Transaction transaction) {
  const std::string uid = transaction.uid;
  if (!transactions_.contains(uid)) {
    if (!transaction.request_id.empty()) by_request_[transaction.request_id] = uid;
    if (!transaction.tracking_id.empty()) by_tracking_[transaction.tracking_id].push_back(uid);
    if (!transaction.parent_uid.empty()) children_[transaction.parent_uid].push_back(uid);
    order_.push_back(uid);
  }
  Transaction& kept = transactions_[uid];
  kept = std::move(transaction);
  Schedule(kept);
}

// Empty once nothing changes by time alone.
std::optional<base::WallTime> Book::NextDue(const Transaction& transaction) const {
  if (IsOpen(transaction.status)) return transaction.due;
  const cloud::Record* const record = cloud_.ledger->Find(transaction.uid);
  if (record == nullptr || record->fate == cloud::Fate::kNothing) return std::nullopt;
  if (cloud::PrintedOf(cloud_, *record) != nullptr) return std::nullopt;
  const bool is_over = record->fate != cloud::Fate::kPrint && record->due_at <= cloud_.clock.Now();
  return is_over ? std::nullopt : std::optional(record->due_at);
}

void Book::Schedule(const Transaction& transaction) {
  if (const auto known = due_of_.find(transaction.uid); known != due_of_.end()) {
    agenda_.erase({known->second, transaction.uid});
    due_of_.erase(known);
  }
  const auto due = NextDue(transaction);
  if (!due) return;
  agenda_.emplace(*due, transaction.uid);
  due_of_.emplace(transaction.uid, *due);
}

// `pays`: this is the moment from which the fiscal service works on its receipt.
base::Status Book::Keep(Transaction transaction, bool pays) {
  const std::string kind(KindName(transaction.kind));
  const std::string order = transaction.fiscal ? transaction.fiscal->order_json : "";
  cloud::Record record;
  if (pays && transaction.fiscal) {
    record = cloud::NewRecord(cloud_, transaction.uid, kind, order);
  } else {
    record.key = transaction.uid;
    record.kind = kind;
    record.request = order;
    record.due_at = transaction.created_at;
    record.fate = cloud::Fate::kNothing;
  }
  record.registered_at = transaction.created_at;
  record.notes = WriteNotes(transaction);
  if (auto put = cloud_.ledger->Put(std::move(record)); !put) return put;
  Remember(std::move(transaction));
  return base::Ok();
}

base::Money Book::Used(const Transaction& parent) const {
  base::Money used;
  const auto children = children_.find(parent.uid);
  if (children == children_.end()) return used;
  for (const std::string& uid : children->second) {
    const Transaction& child = transactions_.at(uid);
    if (child.status != Status::kFailed) used = used + child.amount;
  }
  return used;
}

void Book::CheckParent(const Transaction& transaction, Complaints* complaints) const {
  if (IsFirst(transaction.kind) || transaction.parent_uid.empty()) return;
  const Transaction* const parent = Find(transaction.parent_uid);
  if (parent == nullptr || parent->alternative != transaction.alternative) {
    complaints->Add("parent_uid", "Parent transaction is not found");
    complaints->set_status(400);
    return;
  }
  const bool is_refund = transaction.kind == Kind::kRefund;
  const bool fits = is_refund ? parent->kind == Kind::kPayment || parent->kind == Kind::kCapture
                              : parent->kind == Kind::kAuthorization;
  if (!fits || !IsPaid(*parent)) {
    complaints->Add("parent_uid", "Parent transaction does not allow it");
    return;
  }
  const base::Money left = parent->amount - Used(*parent);
  if (left < transaction.amount) {
    complaints->Add("amount", "can't be greater than " + std::to_string(left.kopecks));
  }
}

bool Book::IsDuplicate(const Submitted& submitted) const {
  if (cloud_.numbers.Get(kDuplicateCheck) == 0 || !submitted.duplicate_check) return false;
  const Transaction& asked = submitted.transaction;
  const base::WallTime since = cloud_.clock.Now() - kDuplicateAge;
  for (auto uid = order_.rbegin(); uid != order_.rend(); ++uid) {
    const Transaction& one = transactions_.at(*uid);
    if (one.created_at < since) return false;
    const bool same_source = IsFirst(asked.kind)
                                 ? one.card && asked.card && one.card->stamp == asked.card->stamp
                                 : one.parent_uid == asked.parent_uid;
    if (one.kind == asked.kind && one.amount == asked.amount && same_source) return true;
  }
  return false;
}

// What the plan says of it at first.
void Book::Begin(Transaction* transaction) {
  const base::WallTime now = cloud_.clock.Now();
  transaction->uid = NewUid();
  transaction->created_at = transaction->updated_at = now;
  if (transaction->fiscal) transaction->fiscal->id = NewUid();
  if (cloud_.faults.Draw(std::array{Fault::kDecline})) transaction->plan = Plan::kDecline;
  switch (transaction->plan) {
    case Plan::kApprove:
    case Plan::kDecline:
      Finish(transaction->plan == Plan::kApprove, now, transaction);
      break;
    case Plan::kAskBuyer:
    case Plan::kAskDecline:
      transaction->status = Status::kIncomplete;
      transaction->due = now + std::chrono::seconds(cloud_.numbers.Get(kExpireS));
      break;
    case Plan::kLater:
    case Plan::kLaterDecline:
      transaction->status = Status::kPending;
      transaction->due = now + base::Milliseconds(cloud_.numbers.Get(cloud::kProcessingMs));
      break;
  }
}

base::Result<View> Book::Submit(Submitted submitted, Complaints* complaints) {
  CheckParent(submitted.transaction, complaints);
  if (complaints->empty() && IsDuplicate(submitted)) {
    complaints->Add("base", "Duplicate transaction");
  }
  if (!complaints->empty()) return base::Error{base::Code::kInvalid, complaints->Message()};
  Transaction& transaction = submitted.transaction;
  Begin(&transaction);
  const std::string uid = transaction.uid;
  const bool is_paid = IsPaid(transaction);
  if (auto kept = Keep(std::move(transaction), is_paid); !kept) return kept.error();
  View view = ViewOf(transactions_.at(uid), cloud::Stage::kProcessing);
  if (!IsOpen(view.transaction.status)) on_news_(view);
  return view;
}

const Transaction* Book::Find(const std::string& uid) const {
  const auto found = transactions_.find(uid);
  return found == transactions_.end() ? nullptr : &found->second;
}

const Transaction* Book::FindRequest(const std::string& request_id) const {
  const auto found = by_request_.find(request_id);
  if (found == by_request_.end()) return nullptr;
  const Transaction& one = transactions_.at(found->second);
  return cloud_.clock.Now() - one.created_at < kRequestIdAge ? &one : nullptr;
}

std::vector<const Transaction*> Book::FindTracked(const std::string& tracking_id,
                                                  bool alternative) const {
  std::vector<const Transaction*> out;
  const auto found = by_tracking_.find(tracking_id);
  if (found == by_tracking_.end()) return out;
  for (auto uid = found->second.rbegin(); uid != found->second.rend(); ++uid) {
    const Transaction& one = transactions_.at(*uid);
    if (one.alternative == alternative && out.size() < kMaxTracked) out.push_back(&one);
  }
  return out;
}

View Book::ViewOf(const Transaction& transaction, cloud::Stage stage) const {
  View view{transaction, FiscalOf(stage), "", {}};
  if (!transaction.fiscal) return view;
  const cloud::Record* const record = cloud_.ledger->Find(transaction.uid);
  if (stage == cloud::Stage::kFailed) view.fiscal_message = record->error;
  if (stage == cloud::Stage::kPrinted) view.mark = cloud::PrintedOf(cloud_, *record)->mark;
  return view;
}

base::Result<View> Book::Look(const std::string& uid) {
  if (auto settled = SettleOne(uid); !settled) return settled.error();
  const auto stage = cloud::Settle(cloud_, service_, uid);
  if (!stage) return stage.error();
  return ViewOf(transactions_.at(uid), *stage);
}

base::Status Book::Close(Transaction transaction, bool approve) {
  const std::string uid = transaction.uid;
  transaction.updated_at = cloud_.clock.Now();
  Finish(approve, transaction.updated_at, &transaction);
  if (auto kept = Keep(std::move(transaction), approve); !kept) return kept;
  on_news_(ViewOf(transactions_.at(uid), cloud::Stage::kProcessing));
  return base::Ok();
}

base::Status Book::Decide(const std::string& uid, bool approve) {
  if (auto settled = SettleOne(uid); !settled) return settled;
  const Transaction& transaction = transactions_.at(uid);
  if (transaction.status != Status::kIncomplete) return base::Ok();
  return Close(transaction, approve && transaction.plan != Plan::kAskDecline);
}

base::Status Book::Age(const Transaction& transaction) {
  if (transaction.status == Status::kPending) {
    return Close(transaction, transaction.plan != Plan::kLaterDecline);
  }
  Transaction expired = transaction;
  expired.status = Status::kExpired;
  expired.updated_at = cloud_.clock.Now();
  expired.due.reset();
  if (auto kept = Keep(expired, false); !kept) return kept;
  on_news_(ViewOf(expired, cloud::Stage::kProcessing));
  return base::Ok();
}

// Does what is due of it, and tells.
base::Status Book::SettleOne(const std::string& uid) {
  const auto due = due_of_.find(uid);
  if (due == due_of_.end() || cloud_.clock.Now() < due->second) return base::Ok();
  const Transaction& transaction = transactions_.at(uid);
  if (IsOpen(transaction.status)) return Age(transaction);
  const auto stage = cloud::Settle(cloud_, service_, uid);
  if (!stage) return stage.error();
  Schedule(transaction);
  if (*stage != cloud::Stage::kProcessing) on_news_(ViewOf(transaction, *stage));
  return base::Ok();
}

base::Result<std::optional<base::WallTime>> Book::Settle() {
  const base::WallTime now = cloud_.clock.Now();
  while (!agenda_.empty() && agenda_.begin()->first <= now) {
    const auto first = *agenda_.begin();
    if (auto settled = SettleOne(first.second); !settled) return settled.error();
    if (!agenda_.empty() && *agenda_.begin() == first) break;  // the clock was set back meanwhile
  }
  if (agenda_.empty()) return std::optional<base::WallTime>();
  return std::optional(agenda_.begin()->first);
}

}  // namespace fiscalgate::emulator::begateway
