// What is wrong with a request, field by field, and how the gateway says so in each form of its
// answers. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/http/message.h"

namespace fiscalgate::emulator::begateway {

// Of answers, refusals among them.
enum class Form {
  kOlder,        // {"transaction": ...}; {"response": {"message", "errors"}}
  kThird,        // X-API-Version: 3: flat, with code and friendly_message
  kAlternative,  // of the api's host: {"message", "errors"}
};

class Complaints {
 public:
  // `field` is a path, "credit_card/token". Each path is either a field or holds others.
  void Add(std::string_view field, std::string_view text);
  bool empty() const { return list_.empty(); }
  // "Token does not exist. Amount can't be blank."
  std::string Message() const;
  // {"credit_card": {"token": ["does not exist"]}}
  std::string ErrorsJson() const;
  // Recorded answers say 400 where something named in the request is not there.
  void set_status(int status) { status_ = status; }
  int status() const { return status_; }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
  int status_ = 422;
};

http::Response JsonAnswer(int status, std::string body);
http::Response Refusal(const Complaints& complaints, Form form);
// One message and no field.
http::Response Refusal(int status, std::string_view message, Form form);
http::Response NotFound(Form form);

}  // namespace fiscalgate::emulator::begateway
