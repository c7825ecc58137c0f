// One register at bePaid or Freepayment as a cloud register: takes the money and has the receipt
// printed, in one transaction of the provider's. README.md says which package becomes what.
// Immutable; any thread.
#pragma once

#include "lib/protocol/begateway/merchant.h"
#include "lib/protocol/cloud.h"

namespace fiscalgate::protocol::begateway {

class MerchantAccount final : public CloudAccount {
 public:
  explicit MerchantAccount(Merchant merchant) : merchant_(std::move(merchant)) {}

  ffd::Faults Check(const bit::ReadPackageResult& package) const override;
  // The buyer's way to the payment page or to 3-D Secure, as soon as the provider has told it and
  // until the payment is over.
  CloudLinks LinksOf(const task::Task& task, const task::Package& package) const override;
  Move Next(const Talk& talk) const override;
  Move OnAnswer(const Talk& talk, const http::Answer& answer) const override;
  // The task's id is the tracking id of its transaction.
  Notice ReadNotice(const http::Request& request) const override;

 private:
  const Merchant merchant_;
};

}  // namespace fiscalgate::protocol::begateway
