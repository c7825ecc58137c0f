<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * The regime of taxation (tag 1055). A receipt has one.
 */
final class TaxSystem
{
    /** ОСН */
    public const GENERAL = 1;
    /** УСН доход */
    public const SIMPLIFIED_INCOME = 2;
    /** УСН доход минус расход */
    public const SIMPLIFIED_INCOME_MINUS_EXPENSE = 4;
    /** ЕСХН */
    public const AGRICULTURAL = 16;
    /** Патент */
    public const PATENT = 32;

    public const ALL = [
        self::GENERAL, self::SIMPLIFIED_INCOME, self::SIMPLIFIED_INCOME_MINUS_EXPENSE, self::AGRICULTURAL,
        self::PATENT,
    ];

    private function __construct()
    {
    }
}
