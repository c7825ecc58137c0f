<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Shop;

/**
 * The table of a plugin: one row an operation, its key unique. All that keeps two workers, a callback and a button from
 * treading on each other is that `add` and `replace` are atomic.
 */
interface OperationStore
{
    /** False if there is one of that key: it stays as it is. */
    public function add(Operation $operation): bool;

    public function find(string $key): ?Operation;

    /** @return Operation[] oldest first */
    public function ofOrder(string $order): array;

    /**
     * Whose time has come (0 < due <= now).
     *
     * @return Operation[] oldest first
     */
    public function due(int $now, int $limit): array;

    /**
     * Puts $next in the place of $old, its version one higher; false, and nothing is changed, if the version in the table
     * is not that of $old any more.
     */
    public function replace(Operation $old, Operation $next): bool;
}
