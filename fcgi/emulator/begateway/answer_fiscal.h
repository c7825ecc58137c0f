// The object "fiscalization" of an answer, with the fiscal service's own document in it. Pure; any
// thread.
#pragma once

#include "fcgi/emulator/begateway/answer.h"

namespace fiscalgate::emulator::begateway {

// The transaction has a fiscal order.
void WriteFiscalization(const View& view, const Site& site, base::JsonWriter* writer);

}  // namespace fiscalgate::emulator::begateway
