#include "fcgi/agent/message.h"

#include <algorithm>
#include <cstdint>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/text.h"

namespace fiscalgate::agent {
namespace {

// What the agent says itself, or what belongs to one connection only.
bool IsOfTheConnection(std::string_view name) {
  for (const std::string_view one :
       {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "expect",
        "upgrade", "te", "trailer", "proxy-connection"}) {
    if (EqualNoCase(name, one)) return true;
  }
  return false;
}

bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  });
}

// "POST /path HTTP/1.1"
bool IsRequestLine(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  return IsToken(line.substr(0, first)) && line.substr(last + 1) == "HTTP/1.1" &&
         target.starts_with('/') && target.find(' ') == std::string_view::npos &&
         !HasControl(target);
}

// Takes a line off the front, without its end.
std::string_view TakeLineOf(std::string_view* text) {
  const auto end = text->find('\n');
  std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::optional<std::string> RequestForDriver(std::string_view message, std::string_view host,
                                            std::string* why) {
  const auto refuse = [&](const char* what) {
    *why = what;
    return std::nullopt;
  };
  const auto head_end = message.find("\r\n\r\n");
  if (head_end == std::string_view::npos || head_end > kMaxHeadBytes) {
    return refuse("the request has no end of its headers");
  }
  const std::string_view body = message.substr(head_end + 4);
  std::string_view head = message.substr(0, head_end + 2);
  const std::string_view line = TakeLineOf(&head);
  if (!IsRequestLine(line)) return refuse("the request has no request line");
  std::string request(line);
  request += "\r\nHost: ";
  request += host;
  request += "\r\n";
  while (!head.empty()) {
    const std::string_view header = TakeLineOf(&head);
    const auto colon = header.find(':');
    if (colon == std::string_view::npos || !IsToken(header.substr(0, colon)) ||
        HasControl(header)) {
      return refuse("the request has a bad header");
    }
    if (IsOfTheConnection(header.substr(0, colon))) {
      return refuse("the request has a header that is not the gateway's to set");
    }
    request += header;
    request += "\r\n";
  }
  request += "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
  request += body;
  return request;
}

AnswerReader::State AnswerReader::Broken(const char* why) {
  error_ = why;
  return State::kBroken;
}

AnswerReader::State AnswerReader::Take(std::string_view bytes) {
  if (part_ == Part::kDone) return State::kWhole;
  input_ += bytes;
  State state = State::kMore;
  bool again = true;
  while (again && state == State::kMore) {
    again = false;
    state = Step(&again);
  }
  return state;
}

AnswerReader::State AnswerReader::Step(bool* again) {
  switch (part_) {
    case Part::kHead:
      return TakeHead(again);
    case Part::kCounted:
    case Part::kUntilClose:
    case Part::kChunk: {
      const bool all = part_ == Part::kUntilClose;
      const State state = AddBody(all ? input_.size() : std::min(left_, input_.size()));
      if (state != State::kMore || all || left_ > 0) return state;
      if (part_ == Part::kCounted) {
        part_ = Part::kDone;
        return State::kWhole;
      }
      part_ = Part::kChunkEnd;
      *again = true;
      return State::kMore;
    }
    case Part::kChunkSize:
    case Part::kChunkEnd:
    case Part::kTrailer:
      return TakeLine(again);
    case Part::kDone:
      return State::kWhole;
  }
  return State::kMore;
}

AnswerReader::State AnswerReader::TakeHead(bool* again) {
  std::size_t end = std::string::npos, skip = 0;
  const auto crlf = input_.find("\r\n\r\n");
  const auto bare = input_.find("\n\n");
  if (crlf != std::string::npos) end = crlf + 2, skip = 2;
  if (bare != std::string::npos && bare < end) end = bare + 1, skip = 1;
  if (std::min(end, input_.size()) > kMaxHeadBytes) return Broken("its headers are too long");
  if (end == std::string::npos) return State::kMore;
  const std::string head = input_.substr(0, end);
  input_.erase(0, end + skip);
  *again = true;
  return ReadHead(head);
}

AnswerReader::State AnswerReader::ReadHead(std::string_view head) {
  const std::string_view status_line = TakeLineOf(&head);
  const auto status = ParseNumber(
      status_line.substr(std::min<std::size_t>(9, status_line.size())).substr(0, 3), 999);
  if (!status_line.starts_with("HTTP/1.") || status_line.size() < 12 || !status ||
      HasControl(status_line)) {
    return Broken("it is not HTTP");
  }
  if (*status < 200) return State::kMore;  // the real one follows
  message_ = std::string(status_line) + "\r\n";
  while (!head.empty()) {
    std::string line(TakeLineOf(&head));
    while (!head.empty() && (head.front() == ' ' || head.front() == '\t')) {
      line += ' ';
      line += Trim(TakeLineOf(&head));
    }
    if (!ReadHeaderLine(line)) return Broken("it has a bad header");
  }
  message_ += "\r\n";
  if (*status == 204 || *status == 304) length_ = 0;
  part_ = chunked_ ? Part::kChunkSize : length_ ? Part::kCounted : Part::kUntilClose;
  left_ = length_.value_or(0);
  if (left_ > kMaxAnswerBytes) return Broken("it is too long");
  return State::kMore;
}

bool AnswerReader::ReadHeaderLine(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || HasControl(line)) return false;
  const std::string_view name = Trim(line.substr(0, colon)), value = Trim(line.substr(colon + 1));
  if (!IsToken(name)) return false;
  if (EqualNoCase(name, "transfer-encoding")) {
    chunked_ = EqualNoCase(value, "chunked");
    return chunked_ || EqualNoCase(value, "identity");
  }
  if (EqualNoCase(name, "content-length")) {
    const auto length = ParseNumber(value, INT64_MAX);
    if (!length || (length_ && *length_ != static_cast<std::size_t>(*length))) return false;
    length_ = static_cast<std::size_t>(*length);
    return true;
  }
  if (IsOfTheConnection(name)) return true;
  message_ += line;
  message_ += "\r\n";
  return true;
}

AnswerReader::State AnswerReader::AddBody(std::size_t count) {
  if (message_.size() + count > kMaxAnswerBytes) return Broken("it is too long");
  message_.append(input_, 0, count);
  input_.erase(0, count);
  if (part_ != Part::kUntilClose) left_ -= count;
  return State::kMore;
}

AnswerReader::State AnswerReader::TakeLine(bool* again) {
  const auto end = input_.find('\n');
  if (end == std::string::npos) {
    return input_.size() > kMaxHeadBytes ? Broken("a chunk is broken") : State::kMore;
  }
  std::string_view rest(input_);
  const std::string line(TakeLineOf(&rest));
  input_.erase(0, end + 1);
  *again = true;
  if (part_ == Part::kChunkSize) return ReadChunkSize(line);
  if (part_ == Part::kChunkEnd) {
    part_ = Part::kChunkSize;
    return line.empty() ? State::kMore : Broken("a chunk is broken");
  }
  if (!line.empty()) return State::kMore;  // a trailer
  part_ = Part::kDone;
  return State::kWhole;
}

AnswerReader::State AnswerReader::ReadChunkSize(std::string_view line) {
  const std::string digits = Lower(Trim(line.substr(0, line.find(';'))));
  if (digits.empty() || digits.size() > 8) return Broken("a chunk is broken");
  left_ = 0;
  for (const char c : digits) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return Broken("a chunk is broken");
    left_ = left_ * 16 + digit;
  }
  part_ = left_ == 0 ? Part::kTrailer : Part::kChunk;
  return left_ > kMaxAnswerBytes ? Broken("it is too long") : State::kMore;
}

AnswerReader::State AnswerReader::End() {
  if (part_ == Part::kDone) return State::kWhole;
  if (part_ != Part::kUntilClose) return Broken("the driver hung up in the middle of its answer");
  part_ = Part::kDone;
  return State::kWhole;
}

}  // namespace fiscalgate::agent
