<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * A page of the feed of outcomes.
 */
final class Events
{
    /** @var Outcome[] */
    private array $outcomes = [];
    private int $next;
    private bool $hasMore;

    /** @param array<array-key, mixed> $data */
    public function __construct(array $data)
    {
        $map = new Map($data);
        foreach ($map->list('events') as $event) {
            $outcome = Outcome::from(is_array($event) ? $event['outcome'] ?? null : null);
            if ($outcome !== null) {
                $this->outcomes[] = $outcome;
            }
        }
        $this->next = $map->int('next');
        $this->hasMore = $map->isTrue('more');
    }

    /** @return Outcome[] oldest first */
    public function getOutcomes(): array
    {
        return $this->outcomes;
    }

    /** Store it once the outcomes are stored: where to go on. */
    public function getNext(): int
    {
        return $this->next;
    }

    public function hasMore(): bool
    {
        return $this->hasMore;
    }
}
