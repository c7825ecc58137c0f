#include "fcgi/handlers/index.h"

#include "fcgi/error_reply.h"

namespace fiscalgate {

void Index::Handle(ExchangePtr exchange) {
  exchange->Reply(JsonResponse(R"({"service":"fiscalgate","api":{)"
                               R"("create_receipt":"POST /api/fiscal/create-receipt.php",)"
                               R"("create_receipt_dialog":"POST /api/create-receipt-dlg.php",)"
                               R"("validate":"POST /api/fiscal/validate",)"
                               R"("cancel":"POST /api/fiscal/receipts/{id}/cancel",)"
                               R"("status":"GET /api/fiscal/receipts/{id}?wait=25",)"
                               R"("events":"GET /api/fiscal/events?after=SEQ",)"
                               R"("faults":"GET /docs/faults",)"
                               R"("health":"GET /healthz","readiness":"GET /readyz"}})"));
}

}  // namespace fiscalgate
