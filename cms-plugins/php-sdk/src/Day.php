<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * A date as receipts write it: "21.11.2026".
 *
 * @internal
 */
final class Day
{
    private function __construct()
    {
    }

    public static function check(string $date, string $field): string
    {
        if (
            preg_match('/^(\d\d)\.(\d\d)\.(\d{4})$/D', $date, $parts) !== 1
            || !checkdate((int) $parts[2], (int) $parts[1], (int) $parts[3])
        ) {
            throw new ValidationException($field, 'is not a date like 21.11.2026');
        }
        return $date;
    }
}
