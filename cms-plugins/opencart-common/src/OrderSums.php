<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Spread;

/**
 * What an order comes to, in kopecks and with tax, line by line.
 *
 * OpenCart keeps prices without tax, and what is added and taken off only in order_total: delivery, fees and coupons
 * without tax, and the tax of everything in rows of its own. So the tax that is not the products' own belongs to delivery
 * and fees, as far as the shop taxes them, and what is left to the discounts. Lines that do not make the order's total are
 * refused here: no share is ever bent to make them fit.
 */
final class OrderSums
{
    private const KOPECK = 100;
    private const OF_THE_SUM = ['sub_total', 'total', 'tax'];
    /** Paid with what was bought or credited earlier: no discount. */
    private const CERTIFICATES = ['voucher', 'credit'];

    /** @var int[] kopecks, under the keys of the order's products */
    public array $products = [];
    /** @var int[] kopecks, under the keys of the order's vouchers */
    public array $vouchers = [];
    /** @var array<int, array{title: string, sum: int, isDelivery: bool}> */
    public array $fees = [];
    /** taken off goods, and where they are not enough off the rest */
    public int $discount = 0;
    /** what the shop's rounding adds (or takes, below zero) */
    public int $rounding = 0;
    /** of the total, paid with certificates */
    public int $certificates = 0;
    /** what the receipt comes to: paid now and with certificates */
    public int $total = 0;

    /** @param bool $isPayment certificates and credits are payments and not discounts */
    public function __construct(Order $order, bool $isPayment)
    {
        self::check($order);
        $taxOfProducts = 0;
        foreach ($order->products as $key => $product) {
            $this->products[$key] = self::kopecks($product['net'] + $product['tax']);
            $taxOfProducts += $product['tax'];
        }
        foreach ($order->vouchers as $key => $voucher) {
            $this->vouchers[$key] = self::kopecks($voucher['sum']);
        }
        $taxLeft = self::sumOf($order, static function (array $row): bool {
            return $row['code'] === 'tax';
        }) - $taxOfProducts;
        [$fees, $taken, $certificates] = self::sort($order, $isPayment);
        $taxLeft -= $this->addFees($fees, $taken, $taxLeft);
        $this->certificates = self::kopecks($certificates);
        $this->total = self::paid($order) + $this->certificates;
        $this->settle($taken - $taxLeft, $order);
    }

    /** What was paid in money, kopecks: rounded as the currency is. */
    public static function paid(Order $order): int
    {
        $step = self::KOPECK * 10 ** (2 - $order->places);
        return intdiv(max(0, $order->total) + intdiv($step, 2), $step) * intdiv($step, self::KOPECK);
    }

    /** The order's own arithmetic: products and order_total make its total. */
    private static function check(Order $order): void
    {
        $sum = array_sum(array_column($order->products, 'net')) + array_sum(array_column($order->vouchers, 'sum'))
            + self::sumOf($order, static function (array $row): bool {
                return !in_array($row['code'], ['sub_total', 'total'], true);
            });
        $count = count($order->products) + count($order->vouchers) + count($order->totals);
        if (abs($sum - $order->total) > self::KOPECK + $count) {
            throw new TotalMismatchException(self::kopecks($sum), self::kopecks($order->total));
        }
    }

    /**
     * @return array{array<int, array<string, mixed>>, int, int} what is added, what is taken off, and what is paid with
     *     certificates; both sums above zero
     */
    private static function sort(Order $order, bool $isPayment): array
    {
        $fees = [];
        $taken = 0;
        $certificates = 0;
        $isFree = in_array(true, array_column($order->totals, 'freesDelivery'), true);
        foreach ($order->totals as $row) {
            if (in_array($row['code'], self::OF_THE_SUM, true) || $row['sum'] === 0) {
                continue;
            }
            if ($row['sum'] < 0 && $isPayment && in_array($row['code'], self::CERTIFICATES, true)) {
                $certificates -= $row['sum'];
            } elseif ($row['code'] === 'shipping' && $row['sum'] > 0 && $isFree) {
                $taken -= $row['sum']; // the coupon takes it off again, with its tax
            } elseif ($row['sum'] < 0) {
                $taken -= $row['sum'];
            } else {
                $fees[] = $row;
            }
        }
        return [$fees, $taken, $certificates];
    }

    /**
     * @param array<int, array<string, mixed>> $fees
     * @return int the tax that is theirs
     */
    private function addFees(array $fees, int $taken, int $taxLeft): int
    {
        $expected = [];
        foreach ($fees as $key => $row) {
            $expected[$key] = intdiv($row['sum'] * $row['rate'] + 5000, 10000);
        }
        $tax = array_sum($expected);
        if ($taken === 0 && $fees !== [] && $taxLeft > 0 && abs($taxLeft - $tax) > self::KOPECK) {
            // Nothing else can have been taxed: what the shop takes today is not what it took then.
            $weights = $tax > 0 ? $expected : array_column($fees, 'sum');
            $expected = Spread::proportional($taxLeft, $weights);
            $tax = $taxLeft;
        }
        foreach ($fees as $key => $row) {
            $this->fees[] = ['title' => $row['title'], 'sum' => self::kopecks($row['sum'] + $expected[$key]),
                'isDelivery' => $row['code'] === 'shipping'];
        }
        return $tax;
    }

    /** @param int $taken off goods, with its tax */
    private function settle(int $taken, Order $order): void
    {
        $lines = array_sum($this->products) + array_sum($this->vouchers) + array_sum(array_column($this->fees, 'sum'));
        $this->discount = max(0, self::kopecks($taken));
        $this->rounding = $this->total - ($lines - $this->discount);
        $count = count($order->products) + count($order->vouchers) + count($order->totals);
        $pieces = array_sum(array_column($order->products, 'quantity'));
        // A kopeck a line and a hundredth of one a piece: four places of a rouble are kept of each. And the currency's own.
        $allowed = $count + intdiv($pieces, 100) + intdiv(10 ** (2 - $order->places), 2);
        if (abs($this->rounding) > $allowed) {
            throw new TotalMismatchException($lines - $this->discount, $this->total);
        }
    }

    private static function sumOf(Order $order, callable $isCounted): int
    {
        return array_sum(array_column(array_filter($order->totals, $isCounted), 'sum'));
    }

    /** Half away from zero. */
    private static function kopecks(int $sum): int
    {
        if (abs($sum) > PHP_INT_MAX - self::KOPECK) {
            throw new ValidationException('order.sum', 'too high');
        }
        return ($sum < 0 ? -1 : 1) * intdiv(abs($sum) + intdiv(self::KOPECK, 2), self::KOPECK);
    }
}
