<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Quantities are whole millionths of a unit everywhere (tag 1023 has six places).
 */
final class Quantity
{
    public const ONE = 1000000;
    /** What tag 1023 holds: 48 bits. */
    public const MAX = 281474976710655;

    private function __construct()
    {
    }

    /** @param string|int|float $units "1.5", 3, 0.001; more places than six are rounded */
    public static function parse($units, string $field = 'quantity'): int
    {
        return self::check(Digits::scale($units, 6, $field), $field);
    }

    public static function pieces(int $count): int
    {
        return self::check($count > intdiv(self::MAX, self::ONE) ? self::MAX + 1 : $count * self::ONE, 'quantity');
    }

    /** "1", "0.25": no zeros at the end */
    public static function format(int $millionths): string
    {
        $part = $millionths % self::ONE;
        $whole = (string) intdiv($millionths, self::ONE);
        return $part === 0 ? $whole : $whole . '.' . rtrim(sprintf('%06d', $part), '0');
    }

    public static function check(int $millionths, string $field): int
    {
        if ($millionths <= 0) {
            throw new ValidationException($field, 'must be above zero');
        }
        if ($millionths > self::MAX) {
            throw new ValidationException($field, 'too high');
        }
        return $millionths;
    }
}
