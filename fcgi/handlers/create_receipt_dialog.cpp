#include "fcgi/handlers/create_receipt_dialog.h"

#include <utility>

#include "fcgi/handlers/dialog.h"
#include "fcgi/handlers/page.h"

namespace fiscalgate {

base::Language CreateReceiptDialog::LanguageFor(const http::Request& request) const {
  return PageLanguage(request);
}

http::Response CreateReceiptDialog::Created(const task::Task& task, const ErrorEntries&,
                                            const http::Request& request) const {
  return SeeOther(parts().links.Dialog(task.id), request);
}

void CreateReceiptDialog::Same(ExchangePtr exchange, const task::Task& task,
                               const ErrorEntries&) const {
  http::Response response = SeeOther(parts().links.Dialog(task.id), exchange->request());
  exchange->Reply(std::move(response));
}

http::Response CreateReceiptDialog::Refused(const Refusal& refusal, base::Language language) const {
  return RefusalPage(refusal.code, language, refusal.entries, refusal.retry_after_s);
}

}  // namespace fiscalgate
