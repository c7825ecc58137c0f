<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\Vat;

/**
 * Makes receipts of an order, and returns of receipts that were made.
 */
final class ReceiptMaker
{
    /** Vat::ofPrepayment, the other way round. */
    private const PLAIN = [Vat::CALCULATED_20 => Vat::RATE_20, Vat::CALCULATED_10 => Vat::RATE_10,
        Vat::CALCULATED_5 => Vat::RATE_5, Vat::CALCULATED_7 => Vat::RATE_7, Vat::CALCULATED_22 => Vat::RATE_22];

    private Settings $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** What the buyer paid. */
    public function sale(Order $order): Receipt
    {
        if (!in_array($order->currency, OrderReader::ROUBLE, true)) {
            throw new ValidationException('order.currency', 'is ' . $order->currency . ', and receipts are in roubles');
        }
        $sums = new OrderSums($order, $this->settings->is('certificatesPay'));
        $taxSystem = $this->settings->number('taxation');
        $builder = ReceiptBuilder::sale($taxSystem, $sums->total)->paidBy($this->payments($order, $sums));
        $this->addLines($builder, $order, $sums);
        $this->takeOff($builder, $sums);
        $made = $builder->build($this->customer($order));
        $items = array_map(function (Item $item): Item {
            return $this->settings->isPrepaid() ? self::prepaid($item, $this->settings->number('method')) : $item;
        }, $made->getItems());
        $receipt = new Receipt(ReceiptType::SALE, $taxSystem, $items, $made->getPayments(), $made->getCustomer());
        return $this->finish($receipt);
    }

    /** Whether anything was paid for ahead that is handed over later. */
    public function needsSettlement(PrintedReceipt $sale): bool
    {
        return array_filter($sale->items(), [self::class, 'isPrepaid']) !== [];
    }

    /** The second receipt: what was prepaid is handed over. */
    public function settle(PrintedReceipt $sale, Order $order): Receipt
    {
        $items = array_map([self::class, 'settled'], array_values(array_filter($sale->items(), [self::class, 'isPrepaid'])));
        $total = array_sum(array_map(static function (Item $item): int {
            return $item->getSum();
        }, $items));
        $payments = Payments::prepayment($total);
        return $this->finish(new Receipt(ReceiptType::SALE, $sale->taxSystem(), $items, $payments, $this->customer($order)));
    }

    /**
     * Lines of the sale given back.
     *
     * @param array<int, int> $lines line => millionths
     * @param bool $isSettled they were handed over already
     * @param PrintedReceipt[] $returned earlier
     */
    public function refund(PrintedReceipt $sale, array $lines, bool $isSettled, array $returned, Order $order): Receipt
    {
        $sold = $sale->items();
        $items = [];
        $total = 0;
        foreach ($lines as $line => $quantity) {
            if (!isset($sold[$line])) {
                throw new ValidationException('refund', 'has a line that was not sold: ' . ($line + 1));
            }
            $item = $sold[$line]->withPrice($sold[$line]->getPrice(), $quantity);
            $items[] = $isSettled && self::isPrepaid($item) ? self::settled($item) : $item;
            $total += $item->getSum();
        }
        $payments = $sale->refundPayments($total, $returned);
        $receipt = new Receipt(ReceiptType::SALE_RETURN, $sale->taxSystem(), $items, $payments, $this->customer($order));
        return $this->finish($receipt);
    }

    private function addLines(ReceiptBuilder $builder, Order $order, OrderSums $sums): void
    {
        foreach ($order->products as $key => $product) {
            $subject = $this->settings->number($product['isVirtual'] ? 'subjectVirtual' : 'subject');
            $quantity = Quantity::pieces($product['quantity']);
            $item = Item::of($product['name'], 0, $quantity, $this->vatOf($product))->withSubject($subject);
            $builder->addItem($item, $sums->products[$key]);
        }
        foreach ($order->vouchers as $key => $voucher) {
            $item = Item::of($voucher['name'], 0, Quantity::ONE, Vat::ofPrepayment($this->settings->number('vat')));
            $builder->addItem($item->withSubject(PaymentSubject::PAYMENT)->withMethod(PaymentMethod::ADVANCE), $sums->vouchers[$key]);
        }
        foreach ($sums->fees as $fee) {
            if ($fee['isDelivery']) {
                $subject = $this->settings->number('subjectDelivery');
                $builder->addDelivery($fee['title'], $fee['sum'], $this->settings->number('vatDelivery'), $subject);
            } else {
                $builder->addFee($fee['title'], $fee['sum'], $this->settings->number('vatFees'));
            }
        }
    }

    /** Off goods, and where they do not cost as much, off the rest. */
    private function takeOff(ReceiptBuilder $builder, OrderSums $sums): void
    {
        $goods = array_sum($sums->products) + array_sum($sums->vouchers);
        $builder->addDiscount(min($sums->discount, $goods));
        if ($sums->discount > $goods) {
            $builder->addDiscount($sums->discount - $goods, ReceiptBuilder::DELIVERY, ReceiptBuilder::FEES);
        }
        $builder->addRounding($sums->rounding);
    }

    private function payments(Order $order, OrderSums $sums): Payments
    {
        $now = $sums->total - $sums->certificates;
        $isCash = $this->settings->paymentKind($order->payment) === Settings::CASH;
        return new Payments($isCash ? $now : 0, $isCash ? 0 : $now, $sums->certificates);
    }

    /** Certificates that are sold are advances whatever the rest is. */
    private static function prepaid(Item $item, int $method): Item
    {
        return $item->getMethod() === PaymentMethod::ADVANCE ? $item
            : $item->withMethod($method)->withVat(Vat::ofPrepayment($item->getVat()));
    }

    private static function isPrepaid(Item $item): bool
    {
        return $item->getMethod() !== PaymentMethod::ADVANCE && PaymentMethod::isPrepayment($item->getMethod());
    }

    private static function settled(Item $item): Item
    {
        return $item->withMethod(PaymentMethod::FULL)->withVat(self::PLAIN[$item->getVat()] ?? $item->getVat());
    }

    /** @param array<string, mixed> $product */
    private function vatOf(array $product): int
    {
        // A product that was deleted leaves nothing but the tax it was charged.
        $charged = $product['class'] === null && $product['percent'] !== '' ? Vat::fromPercent($product['percent']) : null;
        return $charged ?? $this->settings->vatOf($product['class']);
    }

    private function customer(Order $order): Customer
    {
        return Customer::emailOrPhone($order->email, $order->phone);
    }

    private function finish(Receipt $receipt): Receipt
    {
        $site = $this->settings->text('site');
        return $site === '' ? $receipt : $receipt->withSite($site);
    }
}
