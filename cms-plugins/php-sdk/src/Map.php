<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * Reads a decoded JSON object that somebody else wrote: what is missing, or of another type, is empty.
 *
 * @internal
 */
final class Map
{
    /** @var array<array-key, mixed> */
    private array $values;

    /** @param array<array-key, mixed> $values */
    public function __construct(array $values)
    {
        $this->values = $values;
    }

    public function text(string $key): string
    {
        $value = $this->values[$key] ?? '';
        return is_string($value) || is_int($value) ? (string) $value : '';
    }

    public function int(string $key): int
    {
        $value = $this->values[$key] ?? 0;
        if (is_string($value) && preg_match('/^\d{1,18}$/D', $value) === 1) {
            return (int) $value;
        }
        return is_int($value) ? $value : 0;
    }

    public function isTrue(string $key): bool
    {
        return ($this->values[$key] ?? null) === true;
    }

    /** @return array<array-key, mixed> */
    public function list(string $key): array
    {
        $value = $this->values[$key] ?? [];
        return is_array($value) ? $value : [];
    }

    /** @return mixed */
    public function get(string $key)
    {
        return $this->values[$key] ?? null;
    }
}
