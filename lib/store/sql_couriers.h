// Couriers in SQL: a part of SqlStore, on its connections.
#pragma once

#include "lib/store/couriers.h"
#include "lib/store/reader_pool.h"
#include "lib/store/writer.h"

namespace fiscalgate::store {

class SqlCouriers final : public Couriers {
 public:
  SqlCouriers(ReaderPool& readers, Writer& writer) : readers_(readers), writer_(writer) {}

  base::Result<std::int64_t> Add(const Courier& courier, const By& by) override;
  base::Status Update(const Courier& courier, const By& by) override;
  base::Result<std::vector<Courier>> List() override;
  base::Result<std::optional<Courier>> Find(std::string_view login) override;
  base::Status PutGoods(task::ShopKey shop, const std::string& goods, const By& by) override;
  base::Result<std::string> Goods(task::ShopKey shop) override;

 private:
  ReaderPool& readers_;
  Writer& writer_;
};

}  // namespace fiscalgate::store
