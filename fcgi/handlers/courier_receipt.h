// POST /courier/receipts: a sale from a courier's phone (fcgi/courier_sale.h). 202 created, 200 the
// same again, with the address of its dialog; refusals as those of create-receipt.
//
// The phone mints the order number, "courier-<login>-…", before its first try, and repeats the same
// sale under it until it is answered: the second receipt never comes to be.
#pragma once

#include "fcgi/courier_door.h"
#include "fcgi/reception.h"

namespace fiscalgate {

class CourierReceipt final : public Reception {
 public:
  CourierReceipt(Parts parts, const CourierDoor& courier_door)
      : Reception(std::move(parts)), courier_door_(courier_door) {}

 private:
  MaybeRefusal Admit(const http::Request& request, Visit* visit) const override;
  // An operator entered it.
  bool TrustsProgUrl(const Visit&) const override { return true; }
  base::Language LanguageFor(const http::Request& request) const override;
  http::Response Created(const task::Task& task, const ErrorEntries& warnings,
                         const http::Request& request) const override;
  void Same(ExchangePtr exchange, const task::Task& task,
            const ErrorEntries& warnings) const override;
  http::Response Refused(const Refusal& refusal, base::Language language) const override;

  const CourierDoor& courier_door_;
};

}  // namespace fiscalgate
