// One FastCGI connection: reads a request, writes its response. With server.cpp the only place that
// includes fcgiapp.h.
//
// Connections are accepted by us and handed to libfcgi as if they were kept ones, so that a peer
// that sends nothing costs no thread, and one that stops in the middle is dropped by a time-out.
// One thread at a time; the threads may change between Read and Write.
#pragma once

#include <fcgiapp.h>

#include <string>

#include "lib/http/message.h"

namespace fiscalgate {

// Once, before the first connection: prepares libfcgi and puts back the signal handlers it
// installs.
void PrepareFastCgi();

class FastCgiConnection {
 public:
  enum class ReadResult {
    kRequest,
    kTooLarge,   // the body is over kMaxBodyBytes; read to its end all the same
    kTruncated,  // the body is shorter than announced
    kBroken,     // no request: the connection is closed
  };

  explicit FastCgiConnection(int fd);
  FastCgiConnection(const FastCgiConnection&) = delete;
  FastCgiConnection& operator=(const FastCgiConnection&) = delete;
  ~FastCgiConnection();

  // Blocks while the peer sends, at most kPeerTimeout between two pieces.
  ReadResult Read(http::Request* request, std::string* remote_address);
  // Writes and ends the request. True: the peer keeps the connection for another one.
  bool Write(const http::Response& response, bool may_keep);

  int fd() const { return request_.ipcFd; }
  // Closed altogether: one that only says that it has no more to say still reads.
  bool PeerIsGone() const;

 private:
  ReadResult ReadBody(std::size_t announced, std::size_t most, std::string* body);
  bool Drain();

  FCGX_Request request_;
  bool read_to_end_ = false;
};

}  // namespace fiscalgate
