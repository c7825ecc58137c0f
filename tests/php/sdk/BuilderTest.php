<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\LineSplitter;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;
use PHPUnit\Framework\TestCase;

final class BuilderTest extends TestCase
{
    /** @dataProvider built */
    public function testMakesTheReceiptOfTheTable(array $row): void
    {
        $receipt = Build::receipt($row['build']);
        $items = array_map(static function (Item $item): array {
            return [$item->getName(), $item->getPrice(), $item->getQuantity(), $item->getVat(), $item->getMarkingCode()];
        }, $receipt->getItems());
        self::assertSame($row['items'], $items);
        self::assertSame($row['total'], $receipt->total());
    }

    /** @dataProvider built */
    public function testPostsTheFormOfTheTable(array $row): void
    {
        $fields = $row['fields'];
        $account = (new Account('https://gateway.example', $fields['BIT_ACCOUNT_ID'], $fields['BIT_KKT_TOKEN'], $row['code']))
            ->withCallback($fields['BIT_CALLBACK_SUCCESS']);
        $submission = Submission::of(OrderNumber::parse($row['order']), Build::receipt($row['build']), $account);
        self::assertSame($row['data'], $submission->getJson());
        self::assertSame($fields, $submission->form($account));
        parse_str($row['body'], $posted);
        self::assertSame($fields, $posted);
    }

    public static function built(): array
    {
        return Vectors::named(Vectors::load('bit/built_receipts')['built']);
    }

    /** @dataProvider refused */
    public function testRefusesWhatDoesNotMakeTheTotal(array $row): void
    {
        try {
            Build::receipt($row['build']);
            self::fail('there is no such receipt');
        } catch (TotalMismatchException $e) {
            self::assertSame($row['lines'], $e->getLinesSum());
            self::assertSame($row['total'], $e->getOrderTotal());
            self::assertStringContainsString(Money::format($row['lines']), $e->getMessage());
            self::assertStringContainsString(Money::format($row['total']), $e->getMessage());
            self::assertFalse($e->isRetryable());
        }
    }

    public static function refused(): array
    {
        return Vectors::named(Vectors::load('bit/built_receipts')['refused']);
    }

    public function testADiscountAboveItsLinesIsRefused(): void
    {
        $this->expectException(ValidationException::class);
        $this->expectExceptionMessage('discount: 10.01 is more than its lines make: 10.00');
        ReceiptBuilder::sale(TaxSystem::GENERAL, 1)->addItem(self::item(1000))
            ->addDelivery('Доставка', 500, Vat::NONE)->addDiscount(1001)->build(self::buyer());
    }

    public function testAFreeOrderHasNoReceipt(): void
    {
        $builder = ReceiptBuilder::sale(TaxSystem::GENERAL, 0)->addItem(self::item(0));
        self::assertTrue($builder->isFree());
        $this->expectException(ValidationException::class);
        $builder->build(self::buyer());
    }

    public function testNegativeSumsAreRefusedAtOnce(): void
    {
        $builder = ReceiptBuilder::sale(TaxSystem::GENERAL, 100);
        foreach (
            [
                static function () use ($builder): void {
                    $builder->addItem(self::item(100), -1);
                },
                static function () use ($builder): void {
                    $builder->addFee('Скидка', -25100, Vat::NONE);
                },
                static function () use ($builder): void {
                    $builder->addDiscount(-1);
                },
            ] as $add
        ) {
            try {
                $add();
                self::fail('a negative sum was taken');
            } catch (ValidationException $e) {
                self::assertStringContainsString('is negative', $e->getMessage());
            }
        }
    }

    public function testAnAdjustmentGoesEitherWay(): void
    {
        $receipt = ReceiptBuilder::sale(TaxSystem::GENERAL, 950)->addItem(self::item(1000))
            ->addAdjustment('Упаковка', 50, Vat::RATE_22)->addAdjustment('Баллы', -100, Vat::RATE_22)->build(self::buyer());
        self::assertSame(['Чай', 'Упаковка'], array_map(static function (Item $item): string {
            return $item->getName();
        }, $receipt->getItems()));
        self::assertSame(950, $receipt->total());
    }

    public function testCodesMustFitThePieces(): void
    {
        $this->expectException(ValidationException::class);
        $this->expectExceptionMessage('2 codes for 3 pieces');
        ReceiptBuilder::sale(TaxSystem::GENERAL, 300)
            ->addItem(new Item('Сорочка', 100, Quantity::pieces(3), Vat::RATE_22), null, ['a', 'b']);
    }

    public function testSplitsEverySumOverEveryQuantity(): void
    {
        for ($quantity = 100000; $quantity <= 3200000; $quantity += 100000) {
            for ($sum = 1; $sum <= 400; ++$sum) {
                $lines = LineSplitter::split($sum, $quantity);
                self::assertLessThanOrEqual(2, count($lines));
                self::assertSame($sum, self::sumOf($lines), "$sum of $quantity");
            }
        }
        self::assertSame([], LineSplitter::split(0, Quantity::ONE));
    }

    public function testTheShopsPriceIsKeptWhereItMakesTheSum(): void
    {
        // 0.1 of it makes 10.00 at every price from 99.95 to 100.04.
        self::assertSame([[10003, 100000]], LineSplitter::split(1000, 100000, 10003));
        self::assertSame([[10000, 100000]], LineSplitter::split(1000, 100000, 10005));
    }

    public function testPricesOfALineDifferByAKopeckAtMost(): void
    {
        mt_srand(5);
        for ($round = 0; $round < 3000; ++$round) {
            $quantity = mt_rand(0, 1) ? mt_rand(1, 500) * Quantity::ONE : mt_rand(1000, 90000000);
            $sum = mt_rand(1, 50000000);
            $lines = LineSplitter::split($sum, $quantity, mt_rand(0, 1) ? mt_rand(0, 100000) : null);
            self::assertSame($sum, self::sumOf($lines));
            $prices = array_column($lines, 0);
            self::assertLessThanOrEqual(1, max($prices) - min($prices));
            if (min($prices) > 1) {
                self::assertSame($quantity, array_sum(array_column($lines, 1)));
            }
        }
    }

    public function testRandomOrdersAlwaysMakeTheirTotal(): void
    {
        mt_srand(20);
        for ($round = 0; $round < 3000; ++$round) {
            [$builder, $lines, $total] = self::randomOrder();
            if ($total === 0) {
                continue;
            }
            $receipt = $builder->build(self::buyer());
            $this->checkReceipt($receipt, $total);
            self::assertLessThanOrEqual(2 * $lines, count($receipt->getItems()));
        }
    }

    public function testRandomRefundsOfAnAmountMakeTheirTotal(): void
    {
        mt_srand(21);
        for ($round = 0; $round < 500; ++$round) {
            $sums = [mt_rand(1, 100000), mt_rand(1, 100000), mt_rand(0, 100000)];
            $amount = mt_rand(1, array_sum($sums));
            $builder = ReceiptBuilder::refund(TaxSystem::PATENT, $amount)->reduceToTotal();
            foreach ($sums as $sum) {
                $builder->addItem(new Item('Чай', 1, Quantity::pieces(mt_rand(1, 9)), Vat::NONE), $sum);
            }
            $this->checkReceipt($builder->build(self::buyer()), $amount);
        }
    }

    public function testOneKopeckMoreOrLessIsAlwaysRefused(): void
    {
        mt_srand(22);
        for ($round = 0; $round < 300; ++$round) {
            foreach ([-1, 1] as $off) {
                [$builder, , $total] = self::randomOrder($off);
                if ($total + $off <= 0) {
                    continue;
                }
                try {
                    $builder->build(self::buyer());
                    self::fail('a receipt over another sum was made');
                } catch (TotalMismatchException $e) {
                    self::assertSame($total, $e->getLinesSum());
                    self::assertSame($total + $off, $e->getOrderTotal());
                }
            }
        }
    }

    private function checkReceipt(Receipt $receipt, int $total): void
    {
        $sum = 0;
        foreach ($receipt->getItems() as $item) {
            self::assertGreaterThan(0, $item->getPrice());
            self::assertGreaterThan(0, $item->getQuantity());
            $sum += Money::multiply($item->getPrice(), $item->getQuantity());
        }
        self::assertSame($total, $sum);
        self::assertSame($total, $receipt->getPayments()->total());
        self::assertNotSame([], $receipt->toData()['purchases']);
    }

    /** @return array{ReceiptBuilder, int, int} the builder, how many lines were added, what they make */
    private static function randomOrder(int $off = 0): array
    {
        $steps = [];
        $sums = ['goods' => 0, 'delivery' => 0, 'fees' => 0];
        for ($i = mt_rand(1, 8); $i > 0; --$i) {
            $quantity = mt_rand(0, 3) > 0 ? mt_rand(1, 20) * Quantity::ONE : mt_rand(1, 9000) * 1000;
            $item = new Item('Чай', mt_rand(0, 4) ? mt_rand(0, 90000) : 0, $quantity, Vat::ALL[mt_rand(0, 11)]);
            $sum = mt_rand(0, 2) > 0 ? $item->getSum() : mt_rand(0, 200000);
            $steps[] = ['addItem', [$item, $sum]];
            $sums['goods'] += $sum;
        }
        if (mt_rand(0, 1)) {
            $steps[] = ['addDelivery', ['Доставка', $sum = mt_rand(0, 50000), Vat::NONE]];
            $sums['delivery'] += $sum;
        }
        if (mt_rand(0, 1)) {
            $steps[] = ['addFee', ['Сбор', $sum = mt_rand(0, 5000), Vat::RATE_22]];
            $sums['fees'] += $sum;
        }
        $lines = count($steps);
        $total = array_sum($sums);
        for ($i = mt_rand(0, 3); $i > 0; --$i) {
            $kinds = [['goods'], ['goods', 'delivery'], ['goods', 'delivery', 'fees']][$i - 1];
            // What is left of goods alone is not known after a discount on more: never take more than surely is there.
            $most = intdiv(array_sum(array_intersect_key($sums, array_flip($kinds))), 6);
            $steps[] = ['addDiscount', array_merge([$discount = mt_rand(0, $most)], $kinds)];
            $total -= $discount;
        }
        $builder = ReceiptBuilder::sale(TaxSystem::SIMPLIFIED_INCOME, max(0, $total + $off));
        foreach ($steps as [$method, $arguments]) {
            $builder->$method(...$arguments);
        }
        return [$builder, $lines, $total];
    }

    /** @param array<int, array{int, int}> $lines */
    private static function sumOf(array $lines): int
    {
        return array_sum(array_map(static function (array $line): int {
            return Money::multiply($line[0], $line[1]);
        }, $lines));
    }

    private static function item(int $price): Item
    {
        return new Item('Чай', $price, Quantity::ONE, Vat::RATE_22);
    }

    private static function buyer(): Customer
    {
        return Customer::email('buyer@example.ru');
    }
}
