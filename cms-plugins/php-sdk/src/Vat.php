<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * VAT rates by their number (tag 1199). The number is no percentage: 7 means 5 %.
 */
final class Vat
{
    /** 20 %: until 2025-12-31; afterwards in returns and corrections of earlier sales only */
    public const RATE_20 = 1;
    /** 10 % */
    public const RATE_10 = 2;
    /** 20/120: until 2025-12-31, as RATE_20 */
    public const CALCULATED_20 = 3;
    /** 10/110 */
    public const CALCULATED_10 = 4;
    /** 0 % */
    public const RATE_0 = 5;
    /** без НДС */
    public const NONE = 6;
    /** 5 %: since 2025-01-01, for the simplified regimes */
    public const RATE_5 = 7;
    /** 7 %: since 2025-01-01, for the simplified regimes */
    public const RATE_7 = 8;
    /** 5/105 */
    public const CALCULATED_5 = 9;
    /** 7/107 */
    public const CALCULATED_7 = 10;
    /** 22 %: since 2026-01-01 */
    public const RATE_22 = 11;
    /** 22/122: since 2026-01-01 */
    public const CALCULATED_22 = 12;

    public const ALL = [
        self::RATE_20, self::RATE_10, self::CALCULATED_20, self::CALCULATED_10, self::RATE_0, self::NONE,
        self::RATE_5, self::RATE_7, self::CALCULATED_5, self::CALCULATED_7, self::RATE_22, self::CALCULATED_22,
    ];

    private const PERCENT = [
        self::RATE_20 => 20, self::RATE_10 => 10, self::CALCULATED_20 => 20, self::CALCULATED_10 => 10,
        self::RATE_0 => 0, self::NONE => 0, self::RATE_5 => 5, self::RATE_7 => 7, self::CALCULATED_5 => 5,
        self::CALCULATED_7 => 7, self::RATE_22 => 22, self::CALCULATED_22 => 22,
    ];

    private const CALCULATED = [
        self::RATE_20 => self::CALCULATED_20, self::RATE_10 => self::CALCULATED_10,
        self::RATE_5 => self::CALCULATED_5, self::RATE_7 => self::CALCULATED_7,
        self::RATE_22 => self::CALCULATED_22,
    ];

    private function __construct()
    {
    }

    /** The rate of a prepayment for goods of this rate: 22 % becomes 22/122. */
    public static function ofPrepayment(int $rate): int
    {
        return self::CALCULATED[$rate] ?? $rate;
    }

    public static function percent(int $rate): int
    {
        return self::PERCENT[$rate] ?? 0;
    }

    /** The tax inside a sum, half up. */
    public static function inside(int $kopecks, int $rate): int
    {
        $percent = self::percent($rate);
        return intdiv($kopecks * $percent * 2 + 100 + $percent, 2 * (100 + $percent));
    }

    /** The number of a rate that shops have as a percentage ("20", 22.0, "10.0000"); null if there is none. */
    public static function fromPercent(string $percent): ?int
    {
        if (preg_match('/^(\d{1,3})(?:[.,]0*)?\s*%?$/D', trim($percent), $parts) !== 1) {
            return null;
        }
        $rates = ['0' => self::RATE_0, '5' => self::RATE_5, '7' => self::RATE_7, '10' => self::RATE_10,
            '20' => self::RATE_20, '22' => self::RATE_22];
        return $rates[$parts[1]] ?? null;
    }
}
