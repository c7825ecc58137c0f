#include "fcgi/handlers/courier_receipt.h"

#include "fcgi/courier_sale.h"
#include "fcgi/handlers/page.h"

namespace fiscalgate {
namespace {

using base::Code;

Refusal Forbidden(std::string_view code, std::string message) {
  return {Code::kForbidden, {{"", std::string(code), std::move(message)}}};
}

}  // namespace

MaybeRefusal CourierReceipt::Admit(const http::Request& request, Visit* visit) const {
  const auto session = courier_door_.Enter(request);
  if (!session) return Refusal{Code::kUnauthorized};
  if (!base::ConstantTimeEqual(http::FindHeader(request.headers, "x-courier-secret"),
                               session->secret)) {
    return Refusal{Code::kForbidden};
  }
  const store::Courier& courier = session->courier;
  const auto sale = ReadCourierSale(request.body);
  if (!sale) return RefusalOf(sale.error(), "", visit->language);
  if (!sale->order.starts_with("courier-" + courier.login + "-")) {
    return Refusal{Code::kInvalid, {{"/order", "foreign_order", "not a number of this courier"}}};
  }
  visit->directory = parts().directory.Current();
  visit->shop = visit->directory->FindShop(courier.shop);
  visit->register_ = visit->directory->FindRegister(courier.register_key);
  if (visit->shop == nullptr || !visit->shop->enabled) {
    return Forbidden("shop_disabled", "Магазин отключён");
  }
  if (visit->register_ == nullptr || !visit->register_->enabled ||
      !task::Directory::MayUse(*visit->register_, courier.shop) || !Door::FollowRoute(visit) ||
      !visit->register_->enabled) {
    return Forbidden("register_disabled", "Касса отключена");
  }
  visit->form.order_id = sale->order;
  visit->form.data = PackageOf(*sale, courier);
  visit->form.prog_url = courier.prog_url;
  return std::nullopt;
}

base::Language CourierReceipt::LanguageFor(const http::Request& request) const {
  return PageLanguage(request);
}

http::Response CourierReceipt::Created(const task::Task& task, const ErrorEntries&,
                                       const http::Request&) const {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true).Key("order_id").String(task.order_id);
  writer.Key("dialog").String(parts().links.Dialog(task.id));
  writer.Key("receipt_url").String(parts().links.Receipt(task.id)).EndObject();
  return JsonResponse(writer.Take(), 202);
}

void CourierReceipt::Same(ExchangePtr exchange, const task::Task& task,
                          const ErrorEntries& warnings) const {
  http::Response response = Created(task, warnings, exchange->request());
  response.status = 200;
  exchange->Reply(std::move(response));
}

http::Response CourierReceipt::Refused(const Refusal& refusal, base::Language language) const {
  return ErrorResponse(refusal.code, language, refusal.entries, refusal.retry_after_s);
}

}  // namespace fiscalgate
