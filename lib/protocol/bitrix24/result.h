// What a portal is told of a check: in answer to CHECK_URL, and by sale.cashbox.check.apply. Pure;
// any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/http/message.h"
#include "lib/task/task.h"

namespace fiscalgate::protocol::bitrix24 {

// An answer to CHECK_URL. Anything but STATUS "WAIT" or "ERROR" is taken by portals as "printed",
// also an answer they cannot read: so there is one for every case.
std::string WriteCheckAnswer(const task::Task& task,
                             const std::vector<task::CommandResult>& results);
std::string WriteWait();
std::string WriteCheckError(std::string_view text);

// What PRINT_URL answers.
std::string WriteTaken(std::string_view id);
std::string WriteErrors(const std::vector<std::string>& texts);

// ---- sale.cashbox.check.apply

// The address of an incoming webhook: https://portal/rest/1/secret/
bool IsWebhook(std::string_view url);
// Where a result that is to go to the portal is addressed: without the secret of the webhook, which
// comes in when it is sent.
std::string ApplyAddress(const base::Secret& webhook);
bool IsApplyAddress(std::string_view url);
// Makes of a callback to ApplyAddress the call of the portal's method. False: it cannot be read.
bool MakeApplyCall(const base::Secret& webhook, http::Request* request);

}  // namespace fiscalgate::protocol::bitrix24
