<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * Gives prices to a sum: one line where price x quantity makes it, else two lines whose prices differ by a kopeck.
 *
 * With n whole units and a part of one, T(p) = p x n + round(p x part) is what a price makes. For the highest price p
 * with T(p) <= sum, r = sum - T(p) is at most n: so r units at p + 1 and the rest at p make the sum to the kopeck.
 */
final class LineSplitter
{
    private function __construct()
    {
    }

    /**
     * Lines of price 0 are left out: what is given away is no settlement.
     *
     * @param int $sum kopecks, 0 and up
     * @param int $quantity millionths, above 0
     * @param int|null $wanted the price the shop shows: kept where it makes the sum
     * @return array<int, array{int, int}> pairs of price and quantity
     */
    public static function split(int $sum, int $quantity, ?int $wanted = null): array
    {
        if ($sum === 0) {
            return [];
        }
        $nearest = self::nearestPrice($sum, $quantity);
        foreach ($wanted === null ? [$nearest] : [$wanted, $nearest] as $price) {
            if ($price <= Money::MAX && Money::multiply($price, $quantity) === $sum) {
                return [[$price, $quantity]];
            }
        }
        $price = self::highestPrice($sum, $quantity, $nearest);
        $rest = ($sum - Money::multiply($price, $quantity)) * Quantity::ONE;
        $lines = [];
        foreach ([[$price + 1, $rest], [$price, $quantity - $rest]] as $line) {
            if ($line[0] > 0 && $line[1] > 0) {
                $lines[] = $line;
            }
        }
        return $lines;
    }

    private static function nearestPrice(int $sum, int $quantity): int
    {
        return intdiv(2 * $sum * Quantity::ONE + $quantity, 2 * $quantity);
    }

    private static function highestPrice(int $sum, int $quantity, int $nearest): int
    {
        $price = $nearest;
        while ($price > 0 && Money::multiply($price, $quantity) > $sum) {
            --$price;
        }
        return $price;
    }
}
