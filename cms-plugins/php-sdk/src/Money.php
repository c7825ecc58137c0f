<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Sums are whole kopecks everywhere. This is how they come in and go out.
 */
final class Money
{
    /** 99,999,999.99 roubles: more no receipt takes. */
    public const MAX = 9999999999;

    private function __construct()
    {
    }

    /**
     * Reads roubles as a shop has them: "413.80", "413,8", "413.8000", 413.8, 413. More places than two are rounded
     * half away from zero, digit by digit: 1.005 becomes 1.01.
     *
     * @param string|int|float $roubles
     */
    public static function parse($roubles, string $field = 'sum'): int
    {
        $kopecks = Digits::scale($roubles, 2, $field);
        if (abs($kopecks) > self::MAX) {
            throw new ValidationException($field, 'beyond 99999999.99 roubles');
        }
        return $kopecks;
    }

    /** "413.80", "-0.05" */
    public static function format(int $kopecks): string
    {
        $digits = abs($kopecks);
        return sprintf('%s%d.%02d', $kopecks < 0 ? '-' : '', intdiv($digits, 100), $digits % 100);
    }

    /** price x quantity, half up to a kopeck, as the register counts it. */
    public static function multiply(int $price, int $millionths): int
    {
        $whole = intdiv($millionths, Quantity::ONE);
        if ($price > 0 && $whole > intdiv(self::MAX, $price)) {
            throw new ValidationException('item.sum', 'beyond 99999999.99 roubles');
        }
        $part = $price * ($millionths % Quantity::ONE);
        $sum = $price * $whole + intdiv(2 * $part + Quantity::ONE, 2 * Quantity::ONE);
        if ($sum > self::MAX) {
            throw new ValidationException('item.sum', 'beyond 99999999.99 roubles');
        }
        return $sum;
    }

    public static function check(int $kopecks, string $field): int
    {
        if ($kopecks < 0) {
            throw new ValidationException($field, 'is negative: ' . self::format($kopecks));
        }
        if ($kopecks > self::MAX) {
            throw new ValidationException($field, 'beyond 99999999.99 roubles');
        }
        return $kopecks;
    }
}
