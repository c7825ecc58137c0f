#include <array>

#include "fcgi/emulator/begateway/gateway.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::begateway {
namespace {

using Request = const http::Request&;

std::string_view Last(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Form FormOf(Request request, bool alternative) {
  if (alternative) return Form::kAlternative;
  const bool is_third = http::FindHeader(request.headers, "X-API-Version") == "3";
  return is_third ? Form::kThird : Form::kOlder;
}

bool IsJson(Request request) {
  const std::string type = base::ToLower(http::FindHeader(request.headers, "Content-Type"));
  return base::Trim(std::string_view(type).substr(0, type.find(';'))) == "application/json";
}

http::Response Broken(const base::Error& error, Form form) {
  const bool is_large = error.code == base::Code::kTooLarge;
  return Refusal(is_large ? 413 : 500, is_large ? "Request is too large" : "Internal error", form);
}

}  // namespace

std::vector<cloud::Call> Gateway::Calls() {
  std::vector<cloud::Call> calls;
  AddSubmits(&calls);
  AddQuestions(&calls);
  AddCheckouts(&calls);
  AddPages(&calls);
  return calls;
}

bool Gateway::IsAllowed(Request request, const std::string& step) {
  if (cloud_.faults.Draw(std::array{Fault::kUnauthorizedStorm}, step)) return false;
  constexpr std::string_view kBasic = "Basic ";
  const std::string_view given = http::FindHeader(request.headers, "Authorization");
  if (!base::EqualsIgnoreCase(given.substr(0, kBasic.size()), kBasic)) return false;
  const auto pair = base::Base64DecodeLenient(base::Trim(given.substr(kBasic.size())));
  const base::Secret expected(shop_.id + ":" + shop_.secret_key.Reveal());
  return pair && base::ConstantTimeEqual(*pair, expected.Reveal());
}

cloud::Call Gateway::Protected(std::string method, std::string pattern, std::string step,
                               Answer answer) {
  const bool alternative = pattern.starts_with("/beyag/");
  auto guarded = [this, step, alternative, answer = std::move(answer)](Request request) {
    if (IsAllowed(request, step)) {
      seen_url_ = SiteOf(request).public_url;
      return answer(request);
    }
    auto refusal = begateway::Refusal(401, "Unauthorized", FormOf(request, alternative));
    refusal.headers.emplace_back("WWW-Authenticate", "Basic realm=\"beGateway\"");
    return refusal;
  };
  return {std::move(method), std::move(pattern), std::move(step), std::move(guarded)};
}

void Gateway::AddSubmits(std::vector<cloud::Call>* calls) {
  struct Path {
    const char* path;
    Kind kind;
  };
  constexpr Path kPaths[] = {{"/transactions/payments", Kind::kPayment},
                             {"/transactions/authorizations", Kind::kAuthorization},
                             {"/transactions/captures", Kind::kCapture},
                             {"/transactions/voids", Kind::kVoid},
                             {"/transactions/refunds", Kind::kRefund},
                             {"/beyag/transactions/payments", Kind::kPayment},
                             {"/beyag/transactions/refunds", Kind::kRefund},
                             {"/beyag/refunds", Kind::kRefund}};
  for (const Path& path : kPaths) {
    const bool alternative = std::string_view(path.path).starts_with("/beyag/");
    calls->push_back(Protected("POST", path.path, "register",
                               [this, kind = path.kind, alternative](Request request) {
                                 return Submit(request, kind, alternative);
                               }));
  }
}

void Gateway::AddQuestions(std::vector<cloud::Call>* calls) {
  for (const char* path : {"/transactions/*", "/beyag/transactions/*", "/beyag/payments/*"}) {
    const bool alternative = std::string_view(path).starts_with("/beyag/");
    calls->push_back(Protected("GET", path, "status", [this, alternative](Request request) {
      return ByUid(request, alternative);
    }));
  }
  for (const char* path : {"/v2/transactions/tracking_id/*", "/transactions/tracking_id/*",
                           "/beyag/transactions/tracking_id/*"}) {
    const bool alternative = std::string_view(path).starts_with("/beyag/");
    calls->push_back(Protected("GET", path, "search", [this, alternative](Request request) {
      return ByTrackingId(request, alternative);
    }));
  }
  calls->push_back(Protected("POST", "/transactions/*/renotify", "renotify",
                             [this](Request request) { return Renotify(request); }));
}

void Gateway::AddCheckouts(std::vector<cloud::Call>* calls) {
  calls->push_back(Protected("POST", "/ctp/api/checkouts", "checkout",
                             [this](Request request) { return MakeCheckout(request); }));
  calls->push_back(Protected("GET", "/ctp/api/checkouts/*", "checkout-status",
                             [this](Request request) { return ShowCheckout(request); }));
}

http::Response Gateway::RefuseAll(const Complaints& complaints, Form form) const {
  Complaints said = complaints;
  if (form == Form::kOlder && cloud_.numbers.Get(kOlder400) != 0) said.set_status(400);
  return begateway::Refusal(said, form);
}

http::Response Gateway::Show(const Transaction& transaction, Request request) {
  const Form form = FormOf(request, transaction.alternative);
  const auto view = book_.Look(transaction.uid);
  if (!view) return Broken(view.error(), form);
  return JsonAnswer(200, TransactionBody(*view, SiteOf(request), form));
}

http::Response Gateway::Submit(Request request, Kind kind, bool alternative) {
  const Form form = FormOf(request, alternative);
  if (!IsJson(request)) {
    return begateway::Refusal(400, "'Content-type' HEADER must be application/json.", form);
  }
  // Documented for transactions from host to host; of alternative methods nobody says so.
  const std::string id(alternative ? std::string_view()
                                   : http::FindHeader(request.headers, "RequestID"));
  const Transaction* const known = id.empty() ? nullptr : book_.FindRequest(id);
  return known != nullptr ? Show(*known, request) : SubmitNew(request, kind, alternative, id);
}

http::Response Gateway::SubmitNew(Request request, Kind kind, bool alternative,
                                  const std::string& request_id) {
  constexpr std::size_t kMaxRequestId = 255;
  const Form form = FormOf(request, alternative);
  const auto document = base::ParseJson(request.body);
  if (!document) return begateway::Refusal(400, "Request is not JSON", form);
  if (request_id.size() > kMaxRequestId)
    return begateway::Refusal(400, "RequestID is too long", form);
  Complaints complaints;
  const std::string parent(ParentUid(document->root()));
  const Shop now = shop();
  const Terms terms{now, cloud_.clock.Now(), alternative, book_.Find(parent)};
  Submitted submitted = ReadSubmitted(document->root(), kind, terms, &complaints);
  submitted.transaction.request_id = request_id;
  const auto view = book_.Submit(std::move(submitted), &complaints);
  clerk_.Ring();
  if (view) return JsonAnswer(200, TransactionBody(*view, SiteOf(request), form));
  return complaints.empty() ? Broken(view.error(), form) : RefuseAll(complaints, form);
}

http::Response Gateway::ByUid(Request request, bool alternative) {
  const bool has_type = !http::FindHeader(request.headers, "Content-Type").empty();
  if (!alternative && has_type && cloud_.numbers.Get(kStrictGet) != 0) {
    return begateway::Refusal(400, "'Content-type' HEADER is not allowed for GET request.",
                              Form::kOlder);
  }
  const Transaction* const found = book_.Find(std::string(Last(request.url)));
  if (found == nullptr || found->alternative != alternative) {
    return NotFound(FormOf(request, alternative));
  }
  return Show(*found, request);
}

http::Response Gateway::ByTrackingId(Request request, bool alternative) {
  const Form form = FormOf(request, alternative);
  const bool has_type = !http::FindHeader(request.headers, "Content-Type").empty();
  if (!alternative && has_type && cloud_.numbers.Get(kStrictGet) != 0) {
    return begateway::Refusal(400, "'Content-type' HEADER is not allowed for GET request.",
                              Form::kOlder);
  }
  const std::string id(Last(request.url));
  std::vector<View> views;
  for (const Transaction* one : book_.FindTracked(id, alternative)) {
    auto view = book_.Look(one->uid);
    if (!view) return Broken(view.error(), form);
    views.push_back(std::move(view).value());
  }
  return JsonAnswer(200, ListBody(views, SiteOf(request)));
}

http::Response Gateway::Renotify(Request request) {
  std::string_view path = request.url;
  path.remove_suffix(path.size() - path.rfind('/'));
  const Transaction* const found = book_.Find(std::string(Last(path)));
  if (found == nullptr) return NotFound(FormOf(request, false));
  const auto view = book_.Look(found->uid);
  if (!view) return Broken(view.error(), Form::kOlder);
  OnNews(*view);
  return JsonAnswer(200, TransactionBody(*view, SiteOf(request), FormOf(request, false)));
}

http::Response Gateway::MakeCheckout(Request request) {
  if (!IsJson(request)) {
    return begateway::Refusal(400, "'Content-type' HEADER must be application/json.",
                              Form::kAlternative);
  }
  Complaints complaints;
  const auto made = checkouts_.Make(request.body, shop(), &complaints);
  if (made) return JsonAnswer(201, MadeBody(**made, SiteOf(request)));
  if (complaints.empty()) return Broken(made.error(), Form::kAlternative);
  return begateway::Refusal(complaints, Form::kAlternative);
}

http::Response Gateway::ShowCheckout(Request request) {
  const Checkout* const checkout = checkouts_.Find(std::string(Last(request.url)));
  if (checkout == nullptr) {
    return begateway::Refusal(404, "Record not found", Form::kAlternative);
  }
  const bool is_expired = checkouts_.IsExpired(*checkout);
  const Site site = SiteOf(request);
  if (checkout->uid.empty()) {
    return JsonAnswer(200, CheckoutBody(*checkout, is_expired, nullptr, site));
  }
  const auto view = book_.Look(checkout->uid);
  if (!view) return Broken(view.error(), Form::kAlternative);
  return JsonAnswer(200, CheckoutBody(*checkout, is_expired, &*view, site));
}

}  // namespace fiscalgate::emulator::begateway
