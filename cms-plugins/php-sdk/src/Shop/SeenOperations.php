<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Shop;

use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\SeenStore;

/**
 * Remembers callbacks in the rows of the operations they are about.
 */
final class SeenOperations implements SeenStore
{
    private OperationStore $store;

    public function __construct(OperationStore $store)
    {
        $this->store = $store;
    }

    public function isSeen(string $operation, string $webhookId): bool
    {
        $row = $this->find($operation);
        return $row !== null && $row->getWebhookId() === $webhookId;
    }

    public function lastSeq(string $operation): int
    {
        $row = $this->find($operation);
        return $row === null ? 0 : $row->getSeq();
    }

    public function remember(string $operation, string $webhookId, int $seq): void
    {
        do {
            $row = $this->find($operation);
            $isDone = $row === null || $row->getSeq() > $seq
                || $this->store->replace($row, $row->with(['webhook_id' => $webhookId]));
        } while (!$isDone);
    }

    /** The operation, if this is the try it is at. */
    private function find(string $operation): ?Operation
    {
        $row = $this->store->find(Operation::keyOf(OrderNumber::parse($operation)));
        return $row !== null && (string) $row->getNumber() === $operation ? $row : null;
    }
}
