// One request on its way through libcurl: its options, its hooks, and the judgement of how it
// ended. Private to this room; used by the client's thread only.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>

#include "lib/http/sender.h"
#include "lib/http/url.h"

namespace fiscalgate::http {

// What was handed to the client, with what became known of it while it waited.
struct Job {
  Request request;
  SendOptions options;
  std::function<void(Answer)> done;
  std::chrono::steady_clock::time_point accepted_at;
  Url url;
};
using JobPtr = std::shared_ptr<Job>;

// Reads the URL and refuses what must not be sent at all: header injection, a pin without TLS,
// plain http where it is not allowed, half of a client's identity. Errors: kMalformed, kForbidden.
base::Status CheckJob(Job* job);

class Transfer {
 public:
  // `left` is what remains of the job's total time.
  Transfer(JobPtr job, std::chrono::milliseconds left);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Null if libcurl refused an option: then nothing may be started.
  CURL* handle() const { return usable_ ? handle_ : nullptr; }
  const JobPtr& job() const { return job_; }

  // libcurl is done with it.
  Answer Judge(CURLcode code);
  // It was taken away from libcurl.
  Answer Abandon(const char* why) const;

 private:
  template <typename Value>
  void Set(CURLoption option, Value value);
  void SetConnection(std::chrono::milliseconds left);
  void SetIsolation();
  void SetTrust();
  void SetIdentity();
  void SetBlob(CURLoption option, const std::string& text);
  void SetRequest();
  void SetHeaders();
  void SetHooks();
  Delivery WithoutAnswer() const;
  std::string Describe(CURLcode code) const;

  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int OnBeforeRequest(void* self, char* peer, char* own, int peer_port, int own_port);
  static std::size_t OnHeader(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t OnBody(char* data, std::size_t one, std::size_t size, void* self);
  bool TakeHeaderLine(std::string_view line);

  JobPtr job_;
  CURL* handle_ = nullptr;
  curl_slist* header_list_ = nullptr;
  bool usable_ = true;

  bool address_refused_ = false;
  bool permit_refused_ = false;
  // Set by libcurl's last call before the first byte of a request is written; on every connection,
  // new or reused.
  bool request_begun_ = false;
  bool headers_complete_ = false;
  bool headers_too_long_ = false;
  bool body_too_long_ = false;
  std::size_t header_bytes_ = 0;
  Response response_;
  char error_text_[CURL_ERROR_SIZE] = {};
};

}  // namespace fiscalgate::http
