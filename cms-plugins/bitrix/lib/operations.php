<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

/**
 * Where operations are kept. A number is there once.
 */
interface Operations
{
    public function find(string $number): ?Operation;

    /** False: its number is there already, and what is there stays as it is. */
    public function add(Operation $operation): bool;

    public function save(Operation $operation): void;

    /** @return Operation[] whose time has come, the longest first */
    public function due(int $now, int $limit): array;

    /** @return Operation[] of an order; of all orders if it is 0, the newest first */
    public function ofOrder(int $orderId, int $limit): array;
}
