<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use FiscalgateWoo\Queue;

final class MemoryQueue implements Queue
{
    /** @var array<string, int> seconds by order and key */
    public array $waiting = [];

    public function ensure(int $order, string $key): void
    {
        $this->waiting += ["$order $key" => 0];
    }

    public function later(int $order, string $key, int $seconds): void
    {
        $this->waiting["$order $key"] = $seconds;
    }
}
