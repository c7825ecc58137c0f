// What the cloud providers answer and notify, and what an operator sets for them. Never a crash;
// what is called done has a drive, a number and a sign; no error is longer than may be kept. The
// first byte chooses the status.
#include <array>
#include <cstdint>

#include "lib/base/check.h"
#include "lib/base/limits.h"
#include "lib/protocol/begateway/answer.h"
#include "lib/protocol/begateway/mapping_table.h"
#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "lib/protocol/card_number.h"
#include "lib/protocol/orangedata/codec.h"
#include "lib/protocol/orangedata/mapping_table.h"

namespace base = fiscalgate::base;
namespace ffd = fiscalgate::ffd;
namespace http = fiscalgate::http;
namespace protocol = fiscalgate::protocol;

namespace {

void CheckMark(const std::optional<ffd::FiscalMark>& mark, bool is_done) {
  FG_CHECK(mark.has_value() == is_done);
  if (!mark) return;
  FG_CHECK(!mark->fn_1041.empty() && mark->fd_1040 > 0 && !mark->fpd_1077.empty());
  FG_CHECK(!ffd::QrText(*mark).empty());
}

void CheckText(const std::string& text) {
  FG_CHECK(text.size() <= base::kMaxErrorBytes);
  FG_CHECK(!protocol::HasCardNumber(text));
}

void CheckOrangeData(const http::Response& response) {
  using namespace protocol::orangedata;
  for (const std::string& error : ReadSubmitAnswer(response).errors) CheckText(error);
  for (const Endpoint endpoint : {Endpoint::kDocuments, Endpoint::kCorrections}) {
    const StatusAnswer answer = ReadStatusAnswer(response, endpoint);
    CheckMark(answer.mark, answer.outcome == StatusOutcome::kDone);
    FG_CHECK(answer.marking.size() <= base::kMaxItems);
  }
  FG_CHECK(ReadDevicesAnswer(response).devices.size() <= base::kMaxItems);
  EchoMatches(response.body, response.body);
}

void CheckBifit(const http::Response& response) {
  using namespace protocol::bifit;
  const TokenAnswer token = ReadTokenAnswer(response);
  FG_CHECK(token.tokens.access.empty() == (token.outcome != TokenOutcome::kGranted));
  CheckText(token.error);
  const RegisterAnswer registered = ReadRegisterAnswer(response);
  FG_CHECK((registered.document > 0) == (registered.outcome == RegisterOutcome::kRegistered));
  const auto shape = ReadDocumentShape(response.body);
  const DocumentAnswer document =
      ReadDocumentAnswer(response, shape.ok() ? *shape : DocumentShape());
  CheckMark(document.mark, document.outcome == DocumentOutcome::kDone);
  CheckText(document.error);
  CheckText(ReadReloadAnswer(response).error);
}

void CheckTransaction(const protocol::begateway::Transaction& one) {
  using protocol::begateway::FiscalState;
  CheckMark(one.fiscal.mark, one.fiscal.state == FiscalState::kDone);
  CheckText(one.message);
  CheckText(one.fiscal.message);
  FG_CHECK(!one.uid.empty());
}

void CheckBegateway(const http::Response& response) {
  using namespace protocol::begateway;
  const Answer answer = ReadAnswer(response);
  for (const Transaction& one : answer.transactions) CheckTransaction(one);
  for (const AnswerError& error : answer.errors) CheckText(error.text);
  CheckText(answer.message);
  if (const auto told = ReadNotification(response.body)) CheckTransaction(*told);
}

// An overlay that is taken never makes a documented value another one.
void CheckOverlay(std::string_view text) {
  for (const protocol::MappingTable* table :
       {&protocol::orangedata::Table(), &protocol::bifit::Table(), &protocol::begateway::Table()}) {
    const auto mapping = protocol::Mapping::Make(*table, text);
    if (!mapping.ok()) continue;
    for (const protocol::MappingRow& row : table->rows) {
      const auto found = mapping->Find(row.tag, row.tag_value);
      const bool is_documented = row.certainty == protocol::Certainty::kDocumented;
      FG_CHECK(!is_documented || found.is_left_out || found.value == row.value);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array kStatuses = {200, 201, 202, 400, 401, 404, 409, 422, 503, 524};
  if (size == 0) return 0;
  http::Response response;
  response.status = kStatuses[data[0] % kStatuses.size()];
  response.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  CheckOrangeData(response);
  CheckBifit(response);
  CheckBegateway(response);
  CheckOverlay(response.body);
  return 0;
}
