<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Shop\Operation;
use Fiscalgate\Sdk\Shop\OperationStore;

/**
 * A fake: the table of a plugin, in memory. `before` runs ahead of the next change, as somebody who is quicker.
 */
final class MemoryOperations implements OperationStore
{
    /** @var array<string, array<string, mixed>> */
    public array $rows = [];
    /** @var callable|null */
    public $before;

    public function add(Operation $operation): bool
    {
        $this->meddle();
        if (isset($this->rows[$operation->getKey()])) {
            return false;
        }
        $this->rows[$operation->getKey()] = $operation->toRow();
        return true;
    }

    public function find(string $key): ?Operation
    {
        return isset($this->rows[$key]) ? Operation::fromRow($this->rows[$key]) : null;
    }

    public function ofOrder(string $order): array
    {
        return $this->where(static function (array $row) use ($order): bool {
            return $row['order_id'] === $order;
        });
    }

    public function due(int $now, int $limit): array
    {
        return array_slice($this->where(static function (array $row) use ($now): bool {
            return $row['due'] > 0 && $row['due'] <= $now;
        }), 0, $limit);
    }

    public function replace(Operation $old, Operation $next): bool
    {
        $this->meddle();
        if ($this->rows[$old->getKey()]['version'] !== $old->getVersion()) {
            return false;
        }
        $this->rows[$old->getKey()] = $next->with(['version' => $old->getVersion() + 1])->toRow();
        return true;
    }

    /** @return Operation[] */
    private function where(callable $test): array
    {
        return array_map([Operation::class, 'fromRow'], array_values(array_filter($this->rows, $test)));
    }

    private function meddle(): void
    {
        [$before, $this->before] = [$this->before, null];
        if ($before !== null) {
            $before($this);
        }
    }
}
