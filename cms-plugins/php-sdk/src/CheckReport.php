<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * A receipt that the gateway would take, as it would be printed.
 */
final class CheckReport
{
    private Map $map;

    /** @param array<array-key, mixed> $data */
    public function __construct(array $data)
    {
        $this->map = new Map($data);
    }

    /** @return Fault[] */
    public function getWarnings(): array
    {
        return Fault::listFrom($this->map->get('warnings'));
    }

    /** @return array<array-key, mixed> version, date and rules that were applied */
    public function getCheckedFor(): array
    {
        return $this->map->list('checked_for');
    }

    /** @return array<array-key, mixed> each receipt with its totals, VAT by rate and sizes */
    public function getReceipts(): array
    {
        return $this->map->list('receipts');
    }
}
