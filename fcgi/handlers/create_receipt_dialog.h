// POST /api/create-receipt-dlg.php: the form of create-receipt, posted by a buyer's or a seller's
// browser. Queues, and sends the browser on (303) to the page that shows what becomes of it; the
// same order again leads to the same page. A refusal is a page too, with the status and the faults
// that create-receipt would have given.
#pragma once

#include "fcgi/reception.h"

namespace fiscalgate {

class CreateReceiptDialog final : public Reception {
 public:
  explicit CreateReceiptDialog(Parts parts) : Reception(std::move(parts)) {}

 private:
  base::Language LanguageFor(const http::Request& request) const override;
  http::Response Created(const task::Task& task, const ErrorEntries& warnings,
                         const http::Request& request) const override;
  void Same(ExchangePtr exchange, const task::Task& task,
            const ErrorEntries& warnings) const override;
  http::Response Refused(const Refusal& refusal, base::Language language) const override;
};

}  // namespace fiscalgate
