// The pages that a buyer sees: plain forms without scripts. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "fcgi/emulator/begateway/transaction.h"
#include "lib/http/message.h"

namespace fiscalgate::emulator::begateway {

// Buttons that post "action" to the address the page was asked under: pay, decline, cancel.
http::Response PayPage(const Transaction& payment);
// confirm, decline
http::Response ConfirmPage(const Transaction& transaction);
// Nothing is left to decide.
http::Response EndPage(std::string_view words, int status = 200);
http::Response GoTo(const std::string& address);

}  // namespace fiscalgate::emulator::begateway
