<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Spread;
use Fiscalgate\Sdk\Vat;
use PHPUnit\Framework\TestCase;

final class MoneyTest extends TestCase
{
    /** @dataProvider sums */
    public function testReadsWhatShopsWrite($roubles, int $kopecks): void
    {
        self::assertSame($kopecks, Money::parse($roubles));
    }

    public static function sums(): array
    {
        return [['413.80', 41380], ['413,8', 41380], ['413.8000', 41380], [413.8, 41380], [413, 41300], ['.5', 50],
            ['5.', 500], ['-0.05', -5], ['1.005', 101], [1.005, 101], ['1.0049', 100], [0.1 + 0.2, 30], [33.33 * 3, 9999],
            ['0', 0], ['000012.30', 1230], [' 7.00 ', 700], [99999999.99, 9999999999], ['-1.005', -101],
            [1051.12, 105112], ['+2', 200], [0.285 * 100, 2850]];
    }

    /** @dataProvider notSums */
    public function testRefusesWhatIsNoSum($value): void
    {
        $this->expectException(ValidationException::class);
        Money::parse($value);
    }

    public static function notSums(): array
    {
        return [[''], ['.'], ['1e3'], ['1 000.00'], ['12.3.4'], ['abc'], ['0x1A'], [NAN], [INF], [1e15], ['100000000.00'],
            ['9999999999999999999999'], ["1\n2"], ['-']];
    }

    public function testFormatsBackToTheSameText(): void
    {
        foreach ([0, 1, 5, 99, 100, 101, 41380, 9999999999, -5, -100] as $kopecks) {
            self::assertSame($kopecks, Money::parse(Money::format($kopecks)));
        }
        self::assertSame('-0.05', Money::format(-5));
        self::assertSame('99999999.99', Money::format(Money::MAX));
    }

    public function testMultipliesHalfUpWithoutOverflow(): void
    {
        self::assertSame(105112, Money::multiply(2199, 47800000));
        self::assertSame(1, Money::multiply(1, 500000));
        self::assertSame(0, Money::multiply(1, 499999));
        self::assertSame(Money::MAX, Money::multiply(Money::MAX, Quantity::ONE));
        self::assertSame(0, Money::multiply(0, Quantity::MAX));
        foreach ([[Money::MAX, 2 * Quantity::ONE], [Money::MAX, Quantity::MAX], [1000, Quantity::MAX]] as [$price, $quantity]) {
            try {
                Money::multiply($price, $quantity);
                self::fail('no sum is that high');
            } catch (ValidationException $e) {
                self::assertSame('item.sum', $e->getField());
            }
        }
    }

    public function testReadsAndWritesQuantities(): void
    {
        self::assertSame(1500000, Quantity::parse('1.5'));
        self::assertSame(1, Quantity::parse('0.000001'));
        self::assertSame('0.25', Quantity::format(250000));
        self::assertSame('3', Quantity::format(Quantity::pieces(3)));
        self::assertSame('10', Quantity::format(Quantity::pieces(10)));
        self::assertSame(333333, Quantity::parse(1 / 3));
        foreach (['0', '-1', '0.0000001', '281474977'] as $units) {
            try {
                Quantity::parse($units);
                self::fail($units . ' is no quantity');
            } catch (ValidationException $e) {
                self::assertSame('quantity', $e->getField());
            }
        }
    }

    public function testDealsOutEveryKopeckAndNeverMoreThanTheWeight(): void
    {
        mt_srand(11);
        for ($round = 0; $round < 2000; ++$round) {
            $weights = [];
            for ($i = mt_rand(1, 12); $i > 0; --$i) {
                $weights[] = mt_rand(0, 3) === 0 ? 0 : mt_rand(0, mt_rand(1, 800000000));
            }
            $all = array_sum($weights);
            $amount = mt_rand(0, $all);
            $shares = Spread::proportional($amount, $weights);
            self::assertSame($amount, array_sum($shares));
            foreach ($shares as $key => $share) {
                self::assertGreaterThanOrEqual(0, $share);
                self::assertLessThanOrEqual($weights[$key], $share);
                self::assertEqualsWithDelta($all === 0 ? 0 : $amount / $all * $weights[$key], $share, 1.001);
            }
        }
    }

    public function testDealsOutTheHighestSumExactly(): void
    {
        self::assertSame([9999999998, 1], array_values(Spread::proportional(9999999999, [9999999998, 1])));
        self::assertSame([4999999999, 5000000000], Spread::proportional(9999999999, [5000000000, 5000000000]));
    }

    public function testKnowsTheRates(): void
    {
        self::assertSame(Vat::CALCULATED_22, Vat::ofPrepayment(Vat::RATE_22));
        self::assertSame(Vat::NONE, Vat::ofPrepayment(Vat::NONE));
        self::assertSame(Vat::CALCULATED_10, Vat::ofPrepayment(Vat::CALCULATED_10));
        self::assertSame(Vat::RATE_5, Vat::fromPercent('5.0000'));
        self::assertSame(Vat::RATE_22, Vat::fromPercent('22 %'));
        self::assertNull(Vat::fromPercent('18'));
        self::assertNull(Vat::fromPercent('22.5'));
        self::assertSame(1803, Vat::inside(10000, Vat::RATE_22));
        self::assertSame(0, Vat::inside(10000, Vat::NONE));
        self::assertSame(count(Vat::ALL), count(array_unique(Vat::ALL)));
    }
}
