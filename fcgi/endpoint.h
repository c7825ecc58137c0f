// A member function as an endpoint, for handlers that share what they know.
#pragma once

#include <memory>
#include <utility>

#include "fcgi/exchange.h"

namespace fiscalgate {

template <typename T>
class Endpoint final : public Handler {
 public:
  using Act = void (T::*)(ExchangePtr) const;
  Endpoint(std::shared_ptr<const T> object, Act act) : object_(std::move(object)), act_(act) {}
  void Handle(ExchangePtr exchange) override { ((*object_).*act_)(std::move(exchange)); }

 private:
  const std::shared_ptr<const T> object_;
  const Act act_;
};

}  // namespace fiscalgate
