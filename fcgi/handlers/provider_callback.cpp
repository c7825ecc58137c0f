#include "fcgi/handlers/provider_callback.h"

#include <charconv>
#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/id.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

using base::Code;

struct Place {
  std::string_view provider;
  task::RegisterKey key = 0;
};

// ".../{provider}/{key}"
std::optional<Place> PlaceIn(std::string_view url) {
  const std::size_t last = url.rfind('/');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t first = url.rfind('/', last - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view digits = url.substr(last + 1);
  Place place{url.substr(first + 1, last - first - 1), 0};
  const char* const end = digits.data() + digits.size();
  const auto [stop, fault] = std::from_chars(digits.data(), end, place.key);
  if (fault != std::errc() || stop != end || place.key <= 0) return std::nullopt;
  return place;
}

}  // namespace

void ProviderCallback::Handle(ExchangePtr exchange) {
  http::Response response = Answer(exchange->request());
  exchange->Reply(std::move(response));
}

http::Response ProviderCallback::Answer(const http::Request& request) const {
  const base::Language language = LanguageOf(request);
  const auto place = PlaceIn(request.url);
  const task::DirectoryPtr directory = parts_.directory();
  const task::Register* const register_ = place ? directory->FindRegister(place->key) : nullptr;
  const bool is_there =
      register_ != nullptr && register_->is_cloud() && register_->provider == place->provider;
  if (!is_there) return ErrorResponse(Code::kNotFound, language);
  if (request.body.size() > base::kMaxJsonBytes) return ErrorResponse(Code::kTooLarge, language);
  const auto opened = parts_.accounts.Of(*register_);
  if (opened.account == nullptr) return ErrorResponse(Code::kUnavailable, language);
  const protocol::Notice notice = opened.account->ReadNotice(request);
  switch (notice.what) {
    case protocol::Notice::What::kNotGenuine:
      log::Debug("notification_not_genuine", {{"register", register_->name}});
      return ErrorResponse(Code::kUnauthorized, language);
    case protocol::Notice::What::kNotUnderstood:
      return ErrorResponse(Code::kMalformed, language);
    case protocol::Notice::What::kTask:
      break;
  }
  return Hasten(notice.task_id, *register_, language);
}

http::Response ProviderCallback::Hasten(const std::string& task_id, const task::Register& register_,
                                        base::Language language) const {
  constexpr std::string_view kTaken = R"({"result":true})";
  if (!base::LooksLikeId(task_id)) return JsonResponse(std::string(kTaken));
  const auto found = parts_.find_task(task_id);
  if (!found) return ErrorResponse(Code::kUnavailable, language);
  const task::Task* const task = *found ? &(*found)->task : nullptr;
  const bool is_talking =
      task != nullptr && task->register_key == register_.key &&
      (task->state == task::State::kSending || task->state == task::State::kWaiting);
  if (is_talking) parts_.nudge(task->register_key, task->seq);
  return JsonResponse(std::string(kTaken));
}

}  // namespace fiscalgate
