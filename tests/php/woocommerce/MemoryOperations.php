<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use FiscalgateWoo\Busy;
use FiscalgateWoo\Operation;
use FiscalgateWoo\Operations;

/**
 * Keeps operations as text, as an order does; a change within a change is refused, as the lock of the shop would.
 */
final class MemoryOperations implements Operations
{
    /** @var array<int, array<string, string>> */
    public array $texts = [];
    public bool $isLocked = false;

    public function find(int $order, string $key): ?Operation
    {
        $text = $this->texts[$order][$key] ?? null;
        return $text === null ? null : Operation::from_text($text);
    }

    public function all(int $order): array
    {
        $all = [];
        foreach (array_keys($this->texts[$order] ?? []) as $key) {
            $all[$key] = $this->find($order, $key);
        }
        return $all;
    }

    public function change(int $order, string $key, callable $work, float $patience): ?Operation
    {
        if ($this->isLocked) {
            throw new Busy('locked');
        }
        $this->isLocked = true;
        try {
            $result = $work($this->find($order, $key));
        } finally {
            $this->isLocked = false;
        }
        if ($result !== null) {
            $this->texts[$order][$key] = $result->to_text();
        }
        return $result;
    }
}
