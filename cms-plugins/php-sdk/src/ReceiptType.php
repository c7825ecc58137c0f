<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What kind of settlement it is (tag 1054).
 */
final class ReceiptType
{
    /** приход: the buyer pays */
    public const SALE = 1;
    /** возврат прихода: the buyer is paid back */
    public const SALE_RETURN = 2;
    /** расход: the shop pays */
    public const EXPENSE = 3;
    /** возврат расхода */
    public const EXPENSE_RETURN = 4;

    public const ALL = [self::SALE, self::SALE_RETURN, self::EXPENSE, self::EXPENSE_RETURN];

    private function __construct()
    {
    }

    public static function isReturn(int $type): bool
    {
        return $type === self::SALE_RETURN || $type === self::EXPENSE_RETURN;
    }
}
