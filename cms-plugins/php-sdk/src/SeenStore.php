<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What a shop remembers of the results it took, so that an old one that comes again changes nothing. Two fields beside
 * the operation's state are enough.
 */
interface SeenStore
{
    /**
     * @param string $operation its order number
     */
    public function isSeen(string $operation, string $webhookId): bool;

    /** The highest number that was taken; 0 if there is none. */
    public function lastSeq(string $operation): int;

    /** Called after the result was applied. */
    public function remember(string $operation, string $webhookId, int $seq): void;
}
