<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Sale\Order;
use Bitrix\Sale\Payment;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\Vat;

/**
 * Receipts of an order, for licences whose core has no cash registers. Built from what the order costs, never from the
 * catalogue: a product that was deleted since is still sold.
 */
final class OrderReceipt
{
    private Settings $settings;
    private Order $order;

    public function __construct(Order $order, Settings $settings)
    {
        $this->order = $order;
        $this->settings = $settings;
    }

    /** What was paid. */
    public function sale(): Receipt
    {
        $builder = $this->builder(ReceiptType::SALE, $this->total())->paidBy($this->paid());
        if ($this->settings->get('PREPAYMENT') === 'Y') {
            $builder->withMethod(PaymentMethod::FULL_PREPAYMENT);
        }
        return $this->build($builder);
    }

    /** The second receipt, when a prepaid order is handed over. */
    public function settlement(): Receipt
    {
        $total = $this->total();
        return $this->build($this->builder(ReceiptType::SALE, $total)->paidBy(Payments::prepayment($total)));
    }

    /** What is paid back of one payment; of a part of the order nobody says of which goods, so all lines are reduced. */
    public function refund(Payment $payment, bool $isPrepaid): Receipt
    {
        $sum = Money::parse($payment->getSum(), 'payment.sum');
        $builder = $this->builder(ReceiptType::SALE_RETURN, $sum)->reduceToTotal()->paidBy($this->wayOf($payment, $sum));
        if ($isPrepaid) {
            $builder->withMethod(PaymentMethod::FULL_PREPAYMENT);
        }
        return $this->build($builder);
    }

    /** What every receipt of a shop says. */
    public static function sign(Receipt $receipt, Settings $settings): Receipt
    {
        if ($settings->get('CASHIER') !== '') {
            $receipt = $receipt->withCashier($settings->get('CASHIER'));
        }
        return $settings->get('SITE') === '' ? $receipt : $receipt->withSite($settings->get('SITE'));
    }

    private function total(): int
    {
        return Money::parse($this->order->getPrice(), 'order.price');
    }

    private function builder(int $type, int $total): ReceiptBuilder
    {
        $builder = new ReceiptBuilder($type, $this->settings->taxSystem(), $total);
        $lines = 0;
        foreach ($this->order->getBasket() as $item) {
            $quantity = Quantity::parse($item->getQuantity());
            $price = Money::parse($item->getPriceWithVat(), 'item.price');
            $line = Item::of((string) $item->getField('NAME'), $price, $quantity, $this->vatOf($item->getVatRate()));
            $builder->addItem($line, Money::parse($item->getFinalPrice(), 'item.sum'));
            ++$lines;
        }
        $delivery = Money::parse($this->order->getDeliveryPrice(), 'delivery');
        if ($delivery > 0) {
            $builder->addDelivery('Доставка', $delivery, (int) $this->settings->get('DELIVERY_VAT'));
        }
        // Prices with tax on top are rounded line by line.
        return $builder->allowRounding($lines);
    }

    private function build(ReceiptBuilder $builder): Receipt
    {
        $properties = $this->order->getPropertyCollection();
        $email = $properties->getUserEmail();
        $phone = $properties->getPhone();
        $customer = Customer::emailOrPhone(
            $email === null ? '' : (string) $email->getValue(),
            $phone === null ? '' : (string) $phone->getValue()
        );
        return self::sign($builder->build($customer), $this->settings);
    }

    /** @param mixed $rate 0.2; null: none was set */
    private function vatOf($rate): int
    {
        if ($rate === null || $rate === '') {
            return (int) $this->settings->get('NO_VAT');
        }
        $vat = Vat::fromPercent((string) round((float) $rate * 100, 2));
        if ($vat === null) {
            throw new ValidationException('item.vat', 'is no rate: ' . $rate);
        }
        return $vat === Vat::RATE_0 && (int) $this->settings->get('NO_VAT') === Vat::NONE ? Vat::NONE : $vat;
    }

    private function paid(): Payments
    {
        $cash = $electronic = $prepayment = 0;
        foreach ($this->order->getPaymentCollection() as $payment) {
            if (!$payment->isPaid()) {
                continue;
            }
            $part = $this->wayOf($payment, Money::parse($payment->getSum(), 'payment.sum'))->toData();
            $cash += isset($part['cash_1031']) ? Money::parse((string) $part['cash_1031']) : 0;
            $electronic += isset($part['ecash_1081']) ? Money::parse((string) $part['ecash_1081']) : 0;
            $prepayment += isset($part['prepayment_1215']) ? Money::parse((string) $part['prepayment_1215']) : 0;
        }
        return new Payments($cash, $electronic, $prepayment);
    }

    private function wayOf(Payment $payment, int $sum): Payments
    {
        if ($payment->isInner()) {
            return Payments::prepayment($sum); // from the buyer's account, paid in before
        }
        $system = $payment->getPaySystem();
        $isCash = $system !== null && $system->getField('IS_CASH') === 'Y';
        return $isCash ? Payments::cash($sum) : Payments::electronic($sum);
    }
}
