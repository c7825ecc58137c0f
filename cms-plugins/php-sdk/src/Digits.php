<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Decimal numbers of shops as whole numbers, digit by digit.
 *
 * @internal
 */
final class Digits
{
    private const MAX_DIGITS = 15;

    private function __construct()
    {
    }

    /**
     * value x 10^places, rounded half away from zero.
     *
     * @param string|int|float $value
     */
    public static function scale($value, int $places, string $field): int
    {
        $text = self::textOf($value, $field);
        if (preg_match('/^([+-]?)(\d*)(?:[.,](\d*))?$/D', $text, $parts) !== 1) {
            throw new ValidationException($field, 'is not a number');
        }
        $whole = ltrim($parts[2], '0');
        $fraction = $parts[3] ?? '';
        if ($parts[2] . $fraction === '') {
            throw new ValidationException($field, 'is not a number');
        }
        if (strlen($whole) + $places > self::MAX_DIGITS) {
            throw new ValidationException($field, 'too high');
        }
        $padded = str_pad($fraction, $places + 1, '0');
        $scaled = (int) ($whole . substr($padded, 0, $places));
        if ($padded[$places] >= '5') {
            ++$scaled;
        }
        return $parts[1] === '-' ? -$scaled : $scaled;
    }

    /**
     * A float in its shortest notation, whatever `precision` says in php.ini: 0.1 + 0.2 is what a person reads.
     *
     * @param mixed $value
     */
    private static function textOf($value, string $field): string
    {
        if (is_int($value)) {
            return (string) $value;
        }
        if (is_float($value) && is_finite($value) && abs($value) < 1e15) {
            return number_format($value, 8, '.', '');
        }
        if (!is_string($value)) {
            throw new ValidationException($field, 'is not a number');
        }
        return trim($value);
    }
}
