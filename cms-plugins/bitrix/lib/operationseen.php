<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\SeenStore;

/**
 * What results were taken, kept in the operations themselves.
 */
final class OperationSeen implements SeenStore
{
    private Operations $operations;

    public function __construct(Operations $operations)
    {
        $this->operations = $operations;
    }

    public function isSeen(string $operation, string $webhookId): bool
    {
        $found = $this->operations->find($operation);
        return $found !== null && $found->webhookId === $webhookId;
    }

    public function lastSeq(string $operation): int
    {
        $found = $this->operations->find($operation);
        return $found === null ? 0 : $found->seq;
    }

    public function remember(string $operation, string $webhookId, int $seq): void
    {
        $found = $this->operations->find($operation);
        if ($found !== null) {
            $found->webhookId = $webhookId;
            $found->seq = max($found->seq, $seq);
            $this->operations->save($found);
        }
    }
}
