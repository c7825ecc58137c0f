#include "lib/store/postgres/link.h"

#include <endian.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace fiscalgate::store::postgres {
namespace {

using base::Error;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

// Of the server's catalogue; they never change.
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25;
constexpr int kBinary = 1;

struct ResultClear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultClear>;

class ResultRow final : public Row {
 public:
  ResultRow(const PGresult* result, int row) : result_(result), row_(row) {}
  std::int64_t Int(int column) const override {
    if (IsNull(column)) return 0;
    const char* bytes = PQgetvalue(result_, row_, column);
    switch (PQftype(result_, column)) {
      case kInt8:
        return static_cast<std::int64_t>(be64toh(Load<std::uint64_t>(bytes)));
      case kInt4:
        return static_cast<std::int32_t>(be32toh(Load<std::uint32_t>(bytes)));
      case kInt2:
        return static_cast<std::int16_t>(be16toh(Load<std::uint16_t>(bytes)));
      case kBool:
        return bytes[0] != 0 ? 1 : 0;
      default:
        base::CheckFailed("a column read as a number is one", __FILE__, __LINE__);
    }
  }
  std::string Text(int column) const override {
    return {PQgetvalue(result_, row_, column),
            static_cast<std::size_t>(PQgetlength(result_, row_, column))};
  }
  bool IsNull(int column) const override { return PQgetisnull(result_, row_, column) != 0; }

 private:
  template <typename T>
  static T Load(const char* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  const PGresult* result_;
  int row_;
};

// A statement's values as libpq takes them.
class Values {
 public:
  explicit Values(Params params)
      : numbers_(params.size()), data_(params.size()), sizes_(params.size()) {
    for (std::size_t i = 0; i < params.size(); ++i) std::visit(Visitor{*this, i}, params[i]);
    formats_.assign(params.size(), kBinary);
  }
  static std::vector<Oid> Types(Params params) {
    std::vector<Oid> types;
    for (std::size_t i = 0; i < params.size(); ++i) {
      constexpr Oid kOf[] = {0, kInt8, kText, kBytea};  // in the order of Param
      types.push_back(kOf[params[i].index()]);
    }
    return types;
  }
  const char* const* data() const { return data_.data(); }
  const int* sizes() const { return sizes_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  struct Visitor {
    Values& values;
    std::size_t i;
    void operator()(std::nullptr_t) const { values.data_[i] = nullptr; }
    void operator()(std::int64_t number) const {
      values.numbers_[i] = htobe64(static_cast<std::uint64_t>(number));
      values.data_[i] = reinterpret_cast<const char*>(&values.numbers_[i]);
      values.sizes_[i] = sizeof number;
    }
    void operator()(std::string_view text) const {
      values.data_[i] = text.data() == nullptr ? "" : text.data();
      values.sizes_[i] = static_cast<int>(text.size());
    }
    void operator()(Bytes bytes) const { (*this)(bytes.view); }
  };
  std::vector<std::uint64_t> numbers_;
  std::vector<const char*> data_;
  std::vector<int> sizes_, formats_;
};

bool HasNul(const Param& param) {
  const auto* text = std::get_if<std::string_view>(&param);
  return text != nullptr && text->find('\0') != std::string_view::npos;
}

bool HasNul(const Request& request) {
  for (std::size_t i = 0; i < request.params.size(); ++i) {
    if (HasNul(request.params[i])) return true;
  }
  return false;
}

std::string Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

}  // namespace

void Link::ConnClose::operator()(pg_conn* connection) const { PQfinish(connection); }

Link::Link(pg_conn* connection, const Address& address)
    : connection_(connection), address_(address) {}

Link::~Link() = default;

base::Result<std::unique_ptr<Link>> Link::Open(const Address& address) {
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : address.words()) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<Link> link(
      new Link(PQconnectdbParams(keywords.data(), values.data(), 0), address));
  pg_conn* connection = link->connection_.get();
  if (PQstatus(connection) != CONNECTION_OK) return link->Lost("").error;
  // Notices are not written to standard error; a warning is remembered.
  PQsetNoticeReceiver(
      connection,
      [](void* self, const PGresult* notice) {
        if (Field(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING") {
          static_cast<Link*>(self)->warned_ = true;
        }
      },
      link.get());
  if (PQsetnonblocking(connection, 1) != 0 || PQenterPipelineMode(connection) != 1) {
    return link->Lost("").error;
  }
  return link;
}

std::string Link::Parameter(const char* name) const {
  const char* value = PQparameterStatus(connection_.get(), name);
  return value == nullptr ? "" : value;
}

bool Link::is_quiet() const {
  pollfd ready{PQsocket(connection_.get()), POLLIN, 0};
  return ready.fd >= 0 && ::poll(&ready, 1, 0) == 0;
}

int Link::server_version() const { return PQserverVersion(connection_.get()); }

Failure Link::Lost(const std::string& what) const {
  const char* said = PQerrorMessage(connection_.get());
  const std::string text = what.empty() ? std::string(said) : what;
  return LostLink(address_.Clean(text.empty() ? "the connection was closed" : text));
}

std::optional<Failure> Link::Exchange(std::vector<Request>& requests, milliseconds patience) {
  delivered_ = 0;
  warned_ = false;
  expected_.clear();
  for (const Request& request : requests) {
    if (!HasNul(request)) continue;
    return Failure{
        Error{base::Code::kInvalid, "a text with a NUL byte cannot be kept in PostgreSQL, in \"" +
                                        std::string(request.sql.substr(0, 40)) + "\""},
        false};
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!Send(requests[i], i)) return Lost("");
  }
  if (PQpipelineSync(connection_.get()) != 1 || !PassOver(patience)) return Lost("");
  std::optional<Failure> failure;
  std::size_t at = 0;
  // After each answer comes a "nothing"; after all of them, the answer to the sync.
  for (int nothings = 0;;) {
    PGresult* raw = nullptr;
    const Got got = Next(&raw, patience);
    if (got == Got::kLost || nothings > 2) {
      return failure && failure->link_is_over ? *failure : Lost("");
    }
    nothings = got == Got::kNothing ? nothings + 1 : 0;
    if (got == Got::kNothing) continue;
    const ResultPtr result(raw);
    if (PQresultStatus(raw) == PGRES_PIPELINE_SYNC) break;
    if (at < expected_.size()) {
      Take(raw, expected_[at++], requests, &failure);
    } else if (PQresultStatus(raw) == PGRES_FATAL_ERROR) {
      // Said between two statements: the server goes away.
      failure = FailureOf(Field(raw, PG_DIAG_SQLSTATE), Field(raw, PG_DIAG_SEVERITY_NONLOCALIZED),
                          address_.Clean(Field(raw, PG_DIAG_MESSAGE_PRIMARY)), "");
    }
  }
  if (failure) ForgetUnready();
  return failure;
}

void Link::Take(pg_result* result, const Expected& expected, std::vector<Request>& requests,
                std::optional<Failure>* failure) {
  Request& request = requests[expected.request];
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
    if (expected.prepares != nullptr) {
      expected.prepares->ready = true;
      return;
    }
    request.tag = PQcmdStatus(result);
    const int rows = PQntuples(result);
    for (int row = 0; request.on_row != nullptr && *request.on_row && row < rows; ++row) {
      ++delivered_;
      (*request.on_row)(ResultRow(result, row));
    }
    const std::string_view changed = PQcmdTuples(result);
    request.rows = rows;
    if (status == PGRES_COMMAND_OK) {
      std::from_chars(changed.data(), changed.data() + changed.size(), request.rows);
    }
    return;
  }
  if (status == PGRES_PIPELINE_ABORTED || failure->has_value()) return;
  *failure =
      FailureOf(Field(result, PG_DIAG_SQLSTATE), Field(result, PG_DIAG_SEVERITY_NONLOCALIZED),
                address_.Clean(Field(result, PG_DIAG_SQLSTATE).empty()
                                   ? PQresultErrorMessage(result)
                                   : Field(result, PG_DIAG_MESSAGE_PRIMARY)),
                request.sql);
  // Made by libpq itself: the server has said nothing.
  if (Field(result, PG_DIAG_SQLSTATE).empty()) *failure = LostLink((*failure)->error.what);
}

// What was to be prepared after a failure was not.
void Link::ForgetUnready() {
  for (auto at = statements_.begin(); at != statements_.end();) {
    at = at->second->ready ? std::next(at) : statements_.erase(at);
  }
}

bool Link::Send(const Request& request, std::size_t index) {
  if (address_.pooled()) {
    expected_.push_back({index, nullptr});
    return SendOnce(request);
  }
  auto found = statements_.find(request.sql);
  if (found == statements_.end()) {
    auto prepared = std::make_unique<Prepared>();
    prepared->sql = request.sql;
    prepared->name = "s" + std::to_string(++names_);
    Prepared* kept = prepared.get();
    found = statements_.emplace(std::string_view(kept->sql), std::move(prepared)).first;
    expected_.push_back({index, kept});
    if (!SendPrepare(request, kept)) return false;
  }
  expected_.push_back({index, nullptr});
  return SendRun(request, *found->second);
}

bool Link::SendPrepare(const Request& request, Prepared* prepared) {
  const std::vector<Oid> types = Values::Types(request.params);
  return PQsendPrepare(connection_.get(), prepared->name.c_str(), prepared->sql.c_str(),
                       static_cast<int>(types.size()), types.data()) == 1;
}

bool Link::SendRun(const Request& request, const Prepared& prepared) {
  const Values values(request.params);
  return PQsendQueryPrepared(connection_.get(), prepared.name.c_str(),
                             static_cast<int>(request.params.size()), values.data(), values.sizes(),
                             values.formats(), kBinary) == 1;
}

bool Link::SendOnce(const Request& request) {
  const std::vector<Oid> types = Values::Types(request.params);
  const Values values(request.params);
  return PQsendQueryParams(connection_.get(), std::string(request.sql).c_str(),
                           static_cast<int>(types.size()), types.data(), values.data(),
                           values.sizes(), values.formats(), kBinary) == 1;
}

void Link::Tell(std::string_view sql) {
  expected_.clear();
  // A failure to send shows at the next exchange.
  if (Send({sql}, 0) && PQpipelineSync(connection_.get()) == 1) {
    (void)PQflush(connection_.get());
    ++told_;
  }
  for (const Expected& expected : expected_) {
    if (expected.prepares != nullptr) expected.prepares->ready = true;
  }
}

bool Link::PassOver(milliseconds patience) {
  for (int nothings = 0; told_ > 0;) {
    PGresult* raw = nullptr;
    const Got got = Next(&raw, patience);
    nothings = got == Got::kNothing ? nothings + 1 : 0;
    if (got == Got::kLost || nothings > 2) return false;
    const ResultPtr result(got == Got::kResult ? raw : nullptr);
    if (result != nullptr && PQresultStatus(raw) == PGRES_PIPELINE_SYNC) --told_;
  }
  return true;
}

Link::Got Link::Next(pg_result** result, milliseconds patience) {
  pg_conn* connection = connection_.get();
  const auto deadline = SteadyClock::now() + patience;
  for (;;) {
    const int unsent = PQflush(connection);
    if (unsent < 0) return Got::kLost;
    if (PQisBusy(connection) == 0) {
      *result = PQgetResult(connection);
      if (*result != nullptr) return Got::kResult;
      return PQstatus(connection) == CONNECTION_OK ? Got::kNothing : Got::kLost;
    }
    pollfd ready{PQsocket(connection), static_cast<short>(POLLIN | (unsent > 0 ? POLLOUT : 0)), 0};
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now());
    if (ready.fd < 0 || left.count() <= 0) return Got::kLost;
    const int got = ::poll(&ready, 1, static_cast<int>(left.count()));
    if (got < 0 && errno != EINTR) return Got::kLost;
    if (got > 0 && (ready.revents & (POLLIN | POLLERR | POLLHUP)) != 0 &&
        PQconsumeInput(connection) == 0) {
      return Got::kLost;
    }
  }
}

}  // namespace fiscalgate::store::postgres
