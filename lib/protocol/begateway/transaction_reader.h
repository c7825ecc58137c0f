// Reads one transaction and its fiscalization. Only for the answers of this folder. Pure; any
// thread.
#pragma once

#include <optional>

#include "lib/base/json.h"
#include "lib/protocol/begateway/answer.h"

namespace fiscalgate::protocol::begateway {

// Nothing unless it has a uid and a status.
std::optional<Transaction> ReadTransaction(const base::JsonValue& object);
Fiscal ReadFiscal(const base::JsonValue* object);
// An absolute address, http or https, else "".
std::string AddressOf(const base::JsonValue* value);

}  // namespace fiscalgate::protocol::begateway
