<?php

use Fiscalgate\Sdk\Shop\Operation;
use Fiscalgate\Sdk\Shop\OperationStore;

/**
 * The operations in the shop's database.
 */
class shopFiscalgatePluginStore implements OperationStore
{
    /** @var shopFiscalgatePluginOperationModel */
    private $model;

    public function __construct(shopFiscalgatePluginOperationModel $model)
    {
        $this->model = $model;
    }

    public function add(Operation $operation): bool
    {
        return $this->model->addNew($operation->toRow());
    }

    public function find(string $key): ?Operation
    {
        $row = $this->model->findKey($key);
        return $row === null ? null : Operation::fromRow($row);
    }

    public function ofOrder(string $order): array
    {
        return array_map(array(Operation::class, 'fromRow'), $this->model->findOrder($order));
    }

    public function due(int $now, int $limit): array
    {
        return array_map(array(Operation::class, 'fromRow'), $this->model->findDue($now, $limit));
    }

    public function replace(Operation $old, Operation $next): bool
    {
        $row = $next->with(array('version' => $old->getVersion() + 1))->toRow();
        return $this->model->replaceVersion($old->getKey(), $old->getVersion(), $row);
    }
}
