#include "lib/store/postgres/turn.h"

#include "lib/store/postgres/postgres_connection.h"

namespace fiscalgate::store::postgres {
namespace {

constexpr std::string_view kTake =
    "SELECT CASE WHEN pg_try_advisory_xact_lock(7021955) THEN 1 ELSE 0 END";

class ServerTurn final : public Turn {
 public:
  explicit ServerTurn(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  ~ServerTurn() override { connection_->Rollback(); }

  base::Status Check() override {
    base::Result<std::int64_t> there = connection_->Run("SELECT 1");
    return there ? base::Ok() : base::Status(there.error());
  }

 private:
  const std::unique_ptr<Connection> connection_;
};

}  // namespace

base::Result<std::unique_ptr<Turn>> TakeTurn(const Address& address) {
  base::Result<std::unique_ptr<Connection>> connection = Connect(address, Access::kMigrate);
  if (!connection) return connection.error();
  base::Status begun = (*connection)->Begin();
  if (!begun) return begun.error();
  bool taken = false;
  base::Result<std::int64_t> asked =
      (*connection)->Run(kTake, {}, [&](const Row& row) { taken = row.Int(0) != 0; });
  if (!asked) return asked.error();
  if (!taken) return base::Error{base::Code::kConflict, "another program has the turn"};
  return std::unique_ptr<Turn>(std::make_unique<ServerTurn>(std::move(*connection)));
}

}  // namespace fiscalgate::store::postgres
