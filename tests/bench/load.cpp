// Posts signed receipts as fast as the server answers: a closed loop of kept connections on one
// thread, made to cost little beside what it measures.
//
//   load --port 8080 --account A --token T --code C --data receipt.json
//        [--path P] [--connections 32] [--seconds 5] [--warmup 1] [--requests 0] [--prefix run1-]
//   load --port 8080 --reads paths.txt [--connections 32] [--seconds 5] ...
//
// Every request has an order number of its own and a right signature; both are patched into one
// ready request, so a request costs one send. With --reads it gets the paths of that file instead,
// one a line, in an order that is another in each run. Prints one JSON object: requests, seconds,
// per_second, p50_ms, p99_ms, max_ms, statuses, broken (connections that ended inside a request),
// cpu_seconds (its own). Exit status 1 if nothing was answered.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/base/text.h"

namespace fiscalgate::bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void GiveUp(const std::string& text) {
  std::fprintf(stderr, "load: %s\n", text.c_str());
  std::exit(2);
}

struct Options {
  std::uint16_t port = 0;
  std::string path = "/api/fiscal/create-receipt.php";
  std::string account, token, code, data, prefix = "load-", reads;
  std::string callback = "http://127.0.0.1:9/callback.php";
  std::size_t connections = 32;
  double seconds = 5, warmup = 1;
  std::size_t requests = 0;  // 0 = for the time given
  std::size_t prepare = 200'000;
};

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) GiveUp("cannot read " + path);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  return std::string(base::Trim(text));
}

Options ReadOptions(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
  if (argc % 2 == 0) GiveUp("every option has a value");
  Options options;
  const auto take = [&](const char* name, auto set) {
    const auto place = given.find(name);
    if (place == given.end()) return;
    set(place->second);
    given.erase(place);
  };
  take("--port", [&](auto& v) { options.port = static_cast<std::uint16_t>(std::stoul(v)); });
  take("--path", [&](auto& v) { options.path = v; });
  take("--account", [&](auto& v) { options.account = v; });
  take("--token", [&](auto& v) { options.token = v; });
  take("--code", [&](auto& v) { options.code = v; });
  take("--data", [&](auto& v) { options.data = ReadFile(v); });
  take("--prefix", [&](auto& v) { options.prefix = v; });
  take("--reads", [&](auto& v) { options.reads = ReadFile(v); });
  take("--callback", [&](auto& v) { options.callback = v; });
  take("--connections", [&](auto& v) { options.connections = std::stoul(v); });
  take("--seconds", [&](auto& v) { options.seconds = std::stod(v); });
  take("--warmup", [&](auto& v) { options.warmup = std::stod(v); });
  take("--requests", [&](auto& v) { options.requests = std::stoul(v); });
  take("--prepare", [&](auto& v) { options.prepare = std::stoul(v); });
  if (!given.empty()) GiveUp("unknown option " + given.begin()->first);
  if (options.port == 0 || (options.data.empty() && options.reads.empty())) {
    GiveUp("--port and one of --data and --reads are needed");
  }
  return options;
}

class Requests {
 public:
  virtual ~Requests() = default;
  // The bytes of request number `i`, in a buffer that held an earlier one, or nothing yet.
  virtual void Put(std::size_t i, std::string* request) const = 0;
  virtual std::size_t bytes() const = 0;  // of one of them
};

// One request whose order number and signature are patched for each use.
class Posts final : public Requests {
 public:
  explicit Posts(const Options& options) : options_(options) {
    const std::string callback = base::PercentEncode(options.callback);
    const std::string data = base::Base64Encode(base::PercentEncode(options.data));
    std::string body = "BIT_ACCOUNT_ID=" + base::PercentEncode(options.account) +
                       "&BIT_KKT_TOKEN=" + base::PercentEncode(options.token) +
                       "&BIT_ORDER_ID=" + base::PercentEncode(options.prefix);
    const std::size_t order_in_body = body.size();
    body += std::string(kDigits, '0') + "&BIT_DATA=" + base::PercentEncode(data) +
            "&BIT_CALLBACK_SUCCESS=" + callback + "&BIT_CALLBACK_FAILED=" + callback +
            "&BIT_SIGNATURE=";
    const std::size_t signature_in_body = body.size();
    body += std::string(kSignature, '0');
    const std::string head = "POST " + options.path +
                             " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\n"
                             "Content-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n";
    order_at_ = head.size() + order_in_body;
    signature_at_ = head.size() + signature_in_body;
    request_ = head + body;
    for (std::size_t i = 0; i < options.prepare; ++i) prepared_.push_back(Sign(Number(i)));
  }

  void Put(std::size_t i, std::string* request) const override {
    if (request->empty()) *request = request_;
    const std::string number = Number(i);
    std::memcpy(request->data() + order_at_, number.data(), kDigits);
    const Signature signature = i < prepared_.size() ? prepared_[i] : Sign(number);
    std::memcpy(request->data() + signature_at_, signature.data(), kSignature);
  }
  std::size_t bytes() const override { return request_.size(); }

 private:
  static constexpr std::size_t kDigits = 10, kSignature = 32;
  using Signature = std::array<char, kSignature>;

  static std::string Number(std::size_t i) {
    std::string number(kDigits, '0');
    for (std::size_t at = kDigits; i > 0 && at > 0; i /= 10) {
      number[--at] = static_cast<char>('0' + i % 10);
    }
    return number;
  }

  Signature Sign(const std::string& number) const {
    const std::string hex =
        base::Md5Hex(options_.account + options_.token + options_.prefix + number + options_.data +
                     options_.callback + options_.callback + options_.code);
    Signature signature;
    std::copy(hex.begin(), hex.end(), signature.begin());
    return signature;
  }

  const Options& options_;
  std::string request_;
  std::size_t order_at_ = 0, signature_at_ = 0;
  std::vector<Signature> prepared_;
};

class Reads final : public Requests {
 public:
  explicit Reads(const Options& options) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < options.reads.size(); at = end + 1) {
      end = std::min(options.reads.find('\n', at), options.reads.size());
      requests_.push_back("GET " + options.reads.substr(at, end - at) +
                          " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }
    std::shuffle(requests_.begin(), requests_.end(), std::mt19937_64(std::random_device()()));
  }

  void Put(std::size_t i, std::string* request) const override {
    *request = requests_[i % requests_.size()];
  }
  std::size_t bytes() const override { return requests_.front().size(); }

 private:
  std::vector<std::string> requests_;
};

std::unique_ptr<Requests> RequestsOf(const Options& options) {
  if (options.reads.empty()) return std::make_unique<Posts>(options);
  return std::make_unique<Reads>(options);
}

struct Connection {
  int fd = -1;
  std::string request;
  std::string answer;
  Clock::time_point started;
};

// Whether the buffer holds a whole answer. The bodies here are small JSON, which never ends like
// the last chunk of a chunked body.
bool IsWhole(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto length = answer.find("Content-Length: ");
  if (length < end) {
    return answer.size() >= end + 4 + std::strtoul(answer.c_str() + length + 16, nullptr, 10);
  }
  return answer.ends_with("\r\n0\r\n\r\n");
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(RequestsOf(options)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    latencies_us_.reserve(1'000'000);
  }

  void Run() {
    connections_.resize(options_.connections);
    measured_from_ = Clock::now() + Seconds(options_.warmup);
    ends_ = measured_from_ + Seconds(options_.seconds);
    running_ = connections_.size();
    for (Connection& connection : connections_) {
      Open(&connection);
      SendNext(&connection);
    }
    while (running_ > 0) Turn();
    last_ = std::max(last_, measured_from_);
  }

  void Print();

 private:
  static Clock::duration Seconds(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  void Open(Connection* connection) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      GiveUp("cannot connect to port " + std::to_string(options_.port));
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connection;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    connection->fd = fd;
  }

  bool MoreToDo(Clock::time_point now) const {
    return options_.requests > 0 ? next_ < options_.requests : now < ends_;
  }

  void SendNext(Connection* connection) {
    const auto now = Clock::now();
    if (!MoreToDo(now)) {
      --running_;
      close(connection->fd);
      return;
    }
    requests_->Put(next_++, &connection->request);
    connection->answer.clear();
    connection->started = now;
    // Blocking: a request is far smaller than a socket's buffer, which is empty now.
    std::string_view rest = connection->request;
    while (!rest.empty()) {
      const ssize_t sent = send(connection->fd, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // reading will tell
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void Turn() {
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 60'000);
    if (count == 0) GiveUp("no answer for a minute");
    for (int i = 0; i < count; ++i) {
      Receive(static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }

  void Receive(Connection* connection) {
    char chunk[16'384];
    const ssize_t got = recv(connection->fd, chunk, sizeof chunk, 0);
    if (got <= 0) {
      ++broken_;
      if (broken_ > 1'000'000) GiveUp("the server closes every connection");
      close(connection->fd);
      Open(connection);
      return SendNext(connection);
    }
    connection->answer.append(chunk, static_cast<std::size_t>(got));
    if (!IsWhole(connection->answer)) return;
    Count(*connection);
    SendNext(connection);
  }

  void Count(const Connection& connection) {
    const auto now = Clock::now();
    const int status = std::atoi(connection.answer.c_str() + 9);  // "HTTP/1.1 202"
    if (status / 100 != 2 && statuses_.count(status) == 0) {
      std::fprintf(stderr, "load: %s\n", connection.answer.c_str());
    }
    ++statuses_[status];
    if (now < measured_from_ || (options_.requests == 0 && now > ends_)) return;
    last_ = now;
    latencies_us_.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - connection.started).count()));
  }

  const Options& options_;
  const std::unique_ptr<Requests> requests_;
  int epoll_;
  std::vector<Connection> connections_;
  std::size_t next_ = 0, running_ = 0;
  Clock::time_point measured_from_, ends_, last_;
  std::vector<std::uint32_t> latencies_us_;
  std::map<int, long> statuses_;
  long broken_ = 0;
};

double Percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at] / 1000.0;
}

double OwnCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void Load::Print() {
  std::sort(latencies_us_.begin(), latencies_us_.end());
  const double seconds = std::chrono::duration<double>(last_ - measured_from_).count();
  const auto requests = static_cast<double>(latencies_us_.size());
  std::printf("{\"requests\":%zu,\"seconds\":%.3f,\"per_second\":%.1f,", latencies_us_.size(),
              seconds, seconds > 0 ? requests / seconds : 0);
  std::printf("\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"statuses\":{",
              Percentile(latencies_us_, 0.5), Percentile(latencies_us_, 0.99),
              Percentile(latencies_us_, 1));
  const char* comma = "";
  for (const auto& [status, count] : statuses_) {
    std::printf("%s\"%d\":%ld", comma, status, count);
    comma = ",";
  }
  std::printf("},\"broken\":%ld,\"form_bytes\":%zu,\"cpu_seconds\":%.2f}\n", broken_,
              requests_->bytes(), OwnCpuSeconds());
  if (latencies_us_.empty()) std::exit(1);
}

int Main(int argc, char** argv) {
  const Options options = ReadOptions(argc, argv);
  Load load(options);
  load.Run();
  load.Print();
  return 0;
}

}  // namespace
}  // namespace fiscalgate::bench

int main(int argc, char** argv) { return fiscalgate::bench::Main(argc, argv); }
