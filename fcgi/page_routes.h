// The pages for people and what they need, added to the router. Called once at the start.
#pragma once

#include <functional>

#include "fcgi/reception.h"
#include "fcgi/router.h"
#include "lib/base/crypto.h"

namespace fiscalgate {

struct PageParts {
  const Reception::Parts& reception;
  const base::KeyRing& keys;
  bool test = false, courier = false;                // which pages of choice are there
  bool secure = false;                               // cookies travel over https only
  std::function<void(const task::Task&)> on_change;  // called on a request thread
};
// What `reception` refers to, and the keys, must outlive the router.
void AddPages(const PageParts& parts, Router* router);

}  // namespace fiscalgate
