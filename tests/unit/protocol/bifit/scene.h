// A register at BIFIT, and what is said to it. For the tests of its conversations.
#pragma once

#include "lib/protocol/bifit/provider.h"
#include "tests/unit/protocol/cloud_script.h"

namespace fiscalgate::protocol::bifit {

using testing::Conversation;
using testing::PackageOf;
using testing::Step;

inline const std::string kPost =
    "POST /processing-api/protected/documents/registration/receipts sending";
inline const std::string kGet = "GET /processing-api/protected/documents/254934 waiting";
inline const std::string kReload = "POST /processing-api/protected/documents/reload/token waiting";
inline const std::string kMarked =
    R"(200 {"status":"OK","fiscalDriveNumber":"9999078902012345","fiscalDocumentNumber":17,)"
    R"("fiscalSign":"1234567890","fiscalReceiptTime":"2025-02-01T15:01:00"})";
inline const std::string kDone =
    "done t=20250201T1501&s=100.00&fn=9999078902012345&i=17&fp=1234567890&n=1";
inline const std::string kPending = R"(200 {"status":"QUEUED"})";
inline const std::string kLicence =
    R"(200 {"status":"ERROR","errorMessage":"Закончилась лицензия"})";
inline const std::string kWrong =
    R"(200 {"status":"ERROR","errorMessage":"Некорректные данные в чеке"})";

inline task::Register SampleRegister() {
  task::Register r;
  r.key = 5;
  r.provider = "bifit";
  r.ffd_version = ffd::FfdVersion::k105;
  r.timeout_ms = 7000;
  r.settings["url"] = "https://fp-test.bifit.com/processing-api";
  r.secrets["connector_token"] = base::Secret("P5cKbUUD9uConnector");
  r.secrets["broker_token"] = base::Secret("FkxvbtJgG3b2Broker");
  return r;
}

inline Conversation Talking(task::Register of = SampleRegister(),
                            const std::string& receipt = "sample_of_bifit") {
  static const BifitProvider kProvider;
  return Conversation(kProvider, std::move(of), PackageOf(receipt));
}

inline task::Register With(const std::string& name, const std::string& value) {
  task::Register r = SampleRegister();
  r.settings[name] = value;
  return r;
}

struct Story {
  const char* name;
  std::vector<Step> steps;
};

}  // namespace fiscalgate::protocol::bifit
