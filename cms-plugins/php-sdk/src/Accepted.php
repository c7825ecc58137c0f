<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * The gateway has stored an operation, and will see it through. Keep the id: it opens the status, and the callback
 * brings it.
 */
final class Accepted
{
    private Map $map;

    /** @param array<array-key, mixed> $data */
    public function __construct(array $data)
    {
        $this->map = new Map($data);
    }

    public function getId(): string
    {
        return $this->map->text('id');
    }

    /** One of State. */
    public function getState(): string
    {
        return $this->map->text('state');
    }

    /** Whether the gateway had it already. */
    public function isDuplicate(): bool
    {
        return $this->map->isTrue('duplicate');
    }

    /** Of a duplicate that is over. */
    public function getOutcome(): ?Outcome
    {
        return Outcome::from($this->map->get('outcome'));
    }

    /** A secret of the shop. */
    public function getStatusUrl(): string
    {
        return $this->map->text('status_url');
    }

    /** The page for the buyer, from now on. */
    public function getReceiptUrl(): string
    {
        return $this->map->text('receipt_url');
    }

    /** @return Fault[] odd, but no reason to refuse it */
    public function getWarnings(): array
    {
        return Fault::listFrom($this->map->get('warnings'));
    }
}
