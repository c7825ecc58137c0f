<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

/**
 * The tables that hold all implementations to the same bytes.
 */
final class Vectors
{
    /** @return array<array-key, mixed> */
    public static function load(string $name): array
    {
        $text = file_get_contents(__DIR__ . '/../../data/' . $name . '.json');
        return json_decode((string) $text, true, 64, JSON_THROW_ON_ERROR);
    }

    /**
     * Rows with a name, for data providers.
     *
     * @param array<array-key, mixed> $rows
     * @return array<string, array{array<string, mixed>}>
     */
    public static function named(array $rows): array
    {
        $named = [];
        foreach ($rows as $row) {
            $named[$row['name']] = [$row];
        }
        return $named;
    }
}
