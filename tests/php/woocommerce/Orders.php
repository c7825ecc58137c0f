<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Vat;
use FiscalgateWoo\Bill;
use FiscalgateWoo\Line;

/**
 * Bills as the reader of orders makes them.
 */
final class Orders
{
    /**
     * @param array<int, array{0: string, 1: int, 2?: int, 3?: int, 4?: int}> $lines name, kopecks, pieces, VAT, method
     */
    public static function bill(array $lines, int $total, bool $isCash = false, int $giftCards = 0): Bill
    {
        $made = array_map(static function (array $line): Line {
            $quantity = Quantity::pieces($line[2] ?? 1);
            return new Line($line[0], $line[1], $quantity, $line[3] ?? Vat::RATE_22, PaymentSubject::GOODS, $line[4] ?? null);
        }, $lines);
        return new Bill($made, $total, $isCash, 'buyer@example.com', '', $giftCards);
    }
}
