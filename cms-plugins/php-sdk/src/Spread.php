<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * Whole kopecks dealt out in proportion: nothing is lost, and nobody gets more than a kopeck beside his share.
 */
final class Spread
{
    private const HALF = 100000;

    private function __construct()
    {
    }

    /**
     * @param int $amount 0 to 10^10
     * @param int[] $weights 0 and up, 10^10 in all; not all of them 0 unless the amount is
     * @return int[] shares under the keys of the weights; they add up to the amount, and no share is above its weight
     *     if the amount is not above all weights together
     */
    public static function proportional(int $amount, array $weights): array
    {
        $all = array_sum($weights);
        $seen = 0;
        $dealt = 0;
        $shares = [];
        foreach ($weights as $key => $weight) {
            $seen += $weight;
            $due = $all === 0 ? 0 : self::multiplyDivide($amount, $seen, $all);
            $shares[$key] = $due - $dealt;
            $dealt = $due;
        }
        return $shares;
    }

    /** floor(a x b / c) for numbers whose product is longer than an integer; b <= c. */
    private static function multiplyDivide(int $a, int $b, int $c): int
    {
        $high = intdiv($a, self::HALF) * $b;
        $low = ($high % $c) * self::HALF + ($a % self::HALF) * $b;
        return intdiv($high, $c) * self::HALF + intdiv($low, $c);
    }
}
