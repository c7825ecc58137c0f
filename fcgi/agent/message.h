// HTTP/1.1 messages as bytes: the request that came from the gateway is made ready for the driver,
// the driver's answer is read and made into the message for the gateway. Nothing of their content
// is understood. Any thread; one thread per object.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fiscalgate::agent {

// The gateway's message with Host, Content-Length and Connection for the driver. Empty: it is no
// request; `why` says what is wrong with it.
std::optional<std::string> RequestForDriver(std::string_view message, std::string_view host,
                                            std::string* why);

// The driver's answer, as it comes in.
class AnswerReader {
 public:
  enum class State { kMore, kWhole, kBroken };

  State Take(std::string_view bytes);
  // The driver has closed the connection in an orderly way.
  State End();
  const char* error() const { return error_; }
  // Status line, headers without those of the framing, empty line, body. Once, when it is whole.
  std::string TakeMessage() { return std::move(message_); }

 private:
  enum class Part { kHead, kCounted, kUntilClose, kChunkSize, kChunk, kChunkEnd, kTrailer, kDone };

  State Broken(const char* why);
  State Step(bool* again);
  State TakeHead(bool* again);
  State ReadHead(std::string_view head);
  bool ReadHeaderLine(std::string_view line);
  State TakeLine(bool* again);
  State ReadChunkSize(std::string_view line);
  State AddBody(std::size_t count);

  Part part_ = Part::kHead;
  std::string input_;  // not yet used
  std::string message_;
  std::size_t left_ = 0;  // of a counted body or a chunk
  bool chunked_ = false;
  std::optional<std::size_t> length_;
  const char* error_ = "";
};

}  // namespace fiscalgate::agent
