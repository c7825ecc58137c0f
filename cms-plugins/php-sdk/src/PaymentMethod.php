<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * How far the item is settled (tag 1214, признак способа расчёта).
 */
final class PaymentMethod
{
    /** предоплата 100 % */
    public const FULL_PREPAYMENT = 1;
    /** предоплата */
    public const PREPAYMENT = 2;
    /** аванс */
    public const ADVANCE = 3;
    /** полный расчёт */
    public const FULL = 4;
    /** частичный расчёт и кредит */
    public const PARTIAL_AND_CREDIT = 5;
    /** передача в кредит */
    public const CREDIT = 6;
    /** оплата кредита */
    public const CREDIT_PAYMENT = 7;

    public const ALL = [
        self::FULL_PREPAYMENT, self::PREPAYMENT, self::ADVANCE, self::FULL, self::PARTIAL_AND_CREDIT, self::CREDIT,
        self::CREDIT_PAYMENT,
    ];

    private function __construct()
    {
    }

    /** Whether money is taken before the goods are handed over. */
    public static function isPrepayment(int $method): bool
    {
        return $method >= self::FULL_PREPAYMENT && $method <= self::ADVANCE;
    }
}
