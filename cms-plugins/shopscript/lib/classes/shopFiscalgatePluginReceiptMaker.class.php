<?php

use Fiscalgate\Sdk\Contact;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\Shop\SoldReceipt;

/**
 * Makes the receipt of an order: from what the order says it costs, not from the catalogue.
 */
class shopFiscalgatePluginReceiptMaker
{
    /** @var shopFiscalgatePluginSettings */
    private $settings;

    public function __construct(shopFiscalgatePluginSettings $settings)
    {
        $this->settings = $settings;
    }

    /** @return Receipt; throws where the order does not make a receipt */
    public function sale(shopFiscalgatePluginOrder $order)
    {
        if (!in_array($order->getCurrency(), array('RUB', 'RUR'), true)) {
            throw new ValidationException('order.currency', 'is '.$order->getCurrency().', a receipt is in roubles');
        }
        $total = $order->getTotal();
        $builder = ReceiptBuilder::sale($this->settings->taxSystem(), $total);
        $sum = $this->addLines($builder, $order->getLines());
        $goods = $sum;
        $percent = 0;
        foreach ($order->getLines() as $line) {
            $percent = max($percent, (int) ceil((float) $line['percent']));
        }
        $delivery = $order->getDelivery();
        if ($delivery !== null) {
            $name = $delivery['name'] === '' ? 'Доставка' : 'Доставка: '.$delivery['name'];
            $builder->addDelivery($name, $delivery['sum'], $this->vat($delivery['percent'], 'vat_delivery'));
            $sum += $delivery['sum'];
        }
        $tolerance = count($order->getLines()) + 3; // the shop rounds each tax, we each line
        $discount = $this->discountOf($order, $sum - $total, $percent, $tolerance);
        if ($discount > 0) {
            $kinds = $discount > $goods ? array(ReceiptBuilder::GOODS, ReceiptBuilder::DELIVERY) : array(ReceiptBuilder::GOODS);
            $builder->addDiscount($discount, ...$kinds);
        }
        $builder->allowRounding($tolerance)->withMethod($this->settings->method());
        return $this->finish($builder, $order, $total);
    }

    /**
     * Of lines that the shop names. What they were sold as counts, not what the shop makes of them now: its taxes of an
     * order change with the order.
     *
     * @param array[] $items
     * @param int     $amount kopecks
     * @return Receipt|null null where the lines do not make the amount: then it is taken from all of the sale
     */
    public function refund(shopFiscalgatePluginOrder $order, array $items, $amount, SoldReceipt $sold)
    {
        $lines = $order->linesOf($items);
        $sum = array_sum(array_column($lines, 'sum'));
        if ($sum === 0 || abs($sum - $amount) > count($lines)) {
            return null;
        }
        $builder = ReceiptBuilder::refund($this->settings->taxSystem(), $amount)->allowRounding(count($lines));
        foreach ($lines as $line) {
            $item = $sold->find($line['name']);
            if ($item === null) {
                return null;
            }
            $builder->addItem($item->withPrice(0, $line['quantity']), $line['sum']);
        }
        return $this->finish($builder, $order, $amount);
    }

    /** @return int kopecks of the lines */
    private function addLines(ReceiptBuilder $builder, array $lines)
    {
        $sum = 0;
        foreach ($lines as $line) {
            $item = Item::of($line['name'], 0, $line['quantity'], $this->vat($line['percent'], 'vat_goods'));
            $subject = $line['is_service'] ? PaymentSubject::SERVICE : $this->settings->subject();
            $builder->addItem($item->withSubject($subject), $line['sum']);
            $sum += $line['sum'];
        }
        return $sum;
    }

    /**
     * A discount on prices without tax may take the tax on it off too: the total tells. It is believed only where it lies
     * between the two.
     */
    private function discountOf(shopFiscalgatePluginOrder $order, $excess, $percent, $tolerance)
    {
        $discount = $order->getDiscount();
        $most = $discount + intdiv($discount * $percent + 99, 100) + $tolerance;
        $is_believed = $discount > 0 && $order->hasTaxOnTop() && $excess >= $discount - $tolerance && $excess <= $most;
        return $is_believed ? max(0, $excess) : $discount;
    }

    /** @return Receipt */
    private function finish(ReceiptBuilder $builder, shopFiscalgatePluginOrder $order, $total)
    {
        $is_cash = $this->settings->isCash($order->getPayment());
        $receipt = $builder->paidBy($is_cash ? Payments::cash($total) : Payments::electronic($total))
            ->build($this->customer($order));
        return $this->settings->site() === '' ? $receipt : $receipt->withSite($this->settings->site());
    }

    private function vat($percent, $of)
    {
        $vat = $this->settings->vatOf($percent, $of);
        if ($vat === null) {
            throw new ValidationException('item.vat', 'no receipt has a tax of '.$percent.' %');
        }
        return $vat;
    }

    private function customer(shopFiscalgatePluginOrder $order)
    {
        $is_reachable = Contact::isEmail($order->getEmail()) || Contact::phone($order->getPhone()) !== '';
        return $is_reachable || $this->settings->email() === ''
            ? Customer::emailOrPhone($order->getEmail(), $order->getPhone())
            : Customer::email($this->settings->email());
    }
}
