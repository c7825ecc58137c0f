<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\Contact;

/**
 * Makes the receipt of an order: from what the order says it costs, not from the catalogue.
 */
final class ReceiptMaker
{
    private Settings $settings;
    /** @var string[] names of delivery, packing and surcharge */
    private array $names;

    /** @param string[] $names */
    public function __construct(Settings $settings, array $names = ['Доставка', 'Упаковка', 'Наценка за способ оплаты'])
    {
        $this->settings = $settings;
        $this->names = $names;
    }

    /** @throws ValidationException where the order does not make a receipt */
    public function sale(Order $order): Receipt
    {
        if (!in_array($order->getCurrency(), ['RUB', 'RUR'], true)) {
            throw new ValidationException('order.currency', 'is ' . $order->getCurrency() . ', a receipt is in roubles');
        }
        $builder = ReceiptBuilder::sale($this->settings->taxSystem(), $order->getTotal());
        $sums = $this->addLines($builder, $order);
        $this->addDiscount($builder, $order, $sums);
        $total = $order->getTotal();
        $isCash = $this->settings->isCash($order->getPayment());
        $receipt = $builder->withMethod($this->settings->method())
            ->paidBy($isCash ? Payments::cash($total) : Payments::electronic($total))
            ->build($this->customer($order));
        return $this->settings->site() === '' ? $receipt : $receipt->withSite($this->settings->site());
    }

    /** @return array{goods: int, all: int, count: int, percent: int} */
    private function addLines(ReceiptBuilder $builder, Order $order): array
    {
        $sums = ['goods' => 0, 'all' => 0, 'count' => 0, 'percent' => 0];
        foreach ($order->getLines() as $line) {
            $item = Item::of($line['name'], 0, $line['quantity'], $this->vat($line['percent'], 'vat_goods'));
            $builder->addItem($item->withSubject($this->settings->subject()), $line['sum']);
            $sums['goods'] += $line['sum'];
            $sums['percent'] = max($sums['percent'], (int) ceil((float) $line['percent']));
            ++$sums['count'];
        }
        foreach ([$order->getDelivery(), $order->getPackage(), $order->getSurcharge()] as $key => $charges) {
            foreach ($charges as $charge) {
                $vat = $this->vat($charge['percent'], $key === 0 ? 'vat_delivery' : 'vat_goods');
                $key === 0 ? $builder->addDelivery($this->names[$key], $charge['sum'], $vat)
                    : $builder->addFee($this->names[$key], $charge['sum'], $vat);
                $sums['all'] += $charge['sum'];
                ++$sums['count'];
            }
        }
        $sums['all'] += $sums['goods'];
        return $sums;
    }

    /**
     * A discount on prices without tax takes the tax on it off too, or not, as the shop is set up: the total tells. It is
     * believed only where it lies between the two.
     *
     * @param array{goods: int, all: int, count: int, percent: int} $sums
     */
    private function addDiscount(ReceiptBuilder $builder, Order $order, array $sums): void
    {
        $discount = $order->getDiscount();
        $tolerance = $sums['count'] + 3; // the shop rounds each tax, we each line
        $excess = $sums['all'] - $order->getTotal();
        $most = $discount + intdiv($discount * $sums['percent'] + 99, 100) + $tolerance;
        if ($discount > 0 && $order->isNet() && $excess >= $discount - $tolerance && $excess <= $most) {
            $discount = max(0, $excess);
        }
        $builder->allowRounding($tolerance);
        if ($discount > 0) {
            $onAll = [ReceiptBuilder::GOODS, ReceiptBuilder::DELIVERY, ReceiptBuilder::FEES];
            $builder->addDiscount($discount, ...($discount > $sums['goods'] ? $onAll : [ReceiptBuilder::GOODS]));
        }
    }

    private function vat(string $percent, string $of): int
    {
        $vat = $this->settings->vatOf($percent, $of);
        if ($vat === null) {
            throw new ValidationException('item.vat', 'no receipt has a tax of ' . $percent . ' %');
        }
        return $vat;
    }

    private function customer(Order $order): Customer
    {
        $isReachable = Contact::isEmail($order->getEmail()) || Contact::phone($order->getPhone()) !== '';
        return $isReachable || $this->settings->email() === ''
            ? Customer::emailOrPhone($order->getEmail(), $order->getPhone())
            : Customer::email($this->settings->email());
    }
}
