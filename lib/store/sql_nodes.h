// Nodes in SQL: a part of SqlStore, on its connections. Only PostgreSQL speaks all of it.
#pragma once

#include "lib/base/crypto.h"
#include "lib/store/dialect.h"
#include "lib/store/nodes.h"
#include "lib/store/reader_pool.h"
#include "lib/store/store.h"
#include "lib/store/writer.h"

namespace fiscalgate::store {

class SqlNodes final : public Nodes {
 public:
  SqlNodes(ReaderPool& readers, Writer& writer, const Dialect& dialect,
           const ResultWriter& write_result)
      : readers_(readers), writer_(writer), dialect_(dialect), write_result_(write_result) {}

  base::Status Join(const Node& node) override;
  base::Result<bool> Renew(std::string_view token) override;
  base::Status Leave(std::string_view token) override;
  base::Result<bool> Expel(std::string_view token, std::int64_t renewals) override;
  base::Result<ClusterView> Look() override;
  base::Result<TakenLanes> Take(std::string_view token, const std::vector<task::RegisterKey>& lanes,
                                base::WallTime now) override;
  base::Result<TakenLanes> Fetch(std::string_view token, task::RegisterKey lane,
                                 base::WallTime now) override;
  base::Status GiveUp(std::string_view token, const std::vector<task::RegisterKey>& lanes) override;
  base::Status Ring(task::RegisterKey lane) override;
  base::Result<std::pair<std::int64_t, std::int64_t>> LastNumbers() override;
  base::Result<News> NewsOf(const Unseen& tasks, const Unseen& events) override;
  base::Result<std::vector<task::RegisterKey>> QueuedLanes(std::string_view token) override;

 private:
  ReaderPool& readers_;
  Writer& writer_;
  const Dialect& dialect_;
  const ResultWriter& write_result_;
};

}  // namespace fiscalgate::store
