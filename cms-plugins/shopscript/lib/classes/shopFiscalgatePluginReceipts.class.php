<?php

use Fiscalgate\Sdk\CallbackAnswer;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Http\TransportInterface;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Shop\Desk;
use Fiscalgate\Sdk\Shop\Operation;
use Fiscalgate\Sdk\Shop\OperationStore;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\Vat;

/**
 * What the plugin does about an order, whoever asks: an action, a button, cron, the gateway.
 */
class shopFiscalgatePluginReceipts
{
    /** @var shopFiscalgatePluginSettings */
    private $settings;
    /** @var shopFiscalgatePluginOrders */
    private $orders;
    /** @var Desk */
    private $desk;
    /** @var TransportInterface */
    private $transport;

    /** @param callable|null $clock for tests */
    public function __construct(
        shopFiscalgatePluginSettings $settings,
        shopFiscalgatePluginOrders $orders,
        OperationStore $store,
        TransportInterface $transport,
        $clock = null
    ) {
        $this->settings = $settings;
        $this->orders = $orders;
        $this->transport = $transport;
        $listener = function (Operation $before, Operation $now) {
            $this->onChange($before, $now);
        };
        $this->desk = new Desk($store, array('shopFiscalgatePlugin', 'log'), $clock, null, $listener);
    }

    /**
     * An action that may have paid the order. No network: that is for `work`.
     *
     * @return bool whether there is something to be handed over
     */
    public function onPaid($order_id)
    {
        $order = $this->settings->isEmpty() ? null : $this->orders->find($order_id);
        if ($order === null || !$order->isPaid()) {
            return false;
        }
        $is_wanted = $this->settings->wantsPayment($order->getPayment()) && $this->settings->isSince($order->getDate());
        $operation = $is_wanted ? $this->sell($order) : null;
        return $operation !== null && $operation->getDue() > 0;
    }

    /**
     * @param int   $order_id
     * @param int   $log_id  of the record of the refund: the same refund always has the same
     * @param array $details refund_amount and refund_items, where it is of a part
     * @return bool whether there is something to be handed over
     */
    public function onRefunded($order_id, $log_id, array $details)
    {
        $left = $this->desk->remaining((string) $order_id);
        if ($this->settings->isEmpty() || $left <= 0) {
            return false; // nothing of it has a receipt
        }
        $amount = ifset($details['refund_amount'], null);
        $is_part = is_numeric($amount) && (float) $amount > 0;
        $sum = $is_part ? Money::parse(is_string($amount) ? $amount : (float) $amount) : $left;
        if ($sum > $left) {
            shopFiscalgatePlugin::log('warning', 'More is given back than was sold', array('order' => (string) $order_id,
                'left' => Money::format($left), 'sum' => Money::format($sum)));
            $sum = $left;
        }
        $items = is_array(ifset($details['refund_items'], null)) ? $details['refund_items'] : array();
        return $this->placeRefund($order_id, $log_id > 0 ? $log_id : time(), $sum, $items)->getDue() > 0;
    }

    /** The receipt of an order by hand, whatever its state. */
    public function sellByHand($order_id)
    {
        $order = $this->orders->find($order_id);
        return $order === null ? null : $this->sell($order);
    }

    /**
     * By hand.
     *
     * @param int      $order_id
     * @param int|null $amount kopecks; null is all that is left
     * @return Operation
     */
    public function refundByHand($order_id, $amount)
    {
        $left = $this->desk->remaining((string) $order_id);
        $amount = $amount === null ? $left : $amount;
        if ($amount <= 0 || $amount > $left) {
            throw new ValidationException('refund', 'no more than '.Money::format(max(0, $left)).' can be given back');
        }
        // Two clicks make one refund: the number is of what was there before.
        return $this->placeRefund($order_id, 'h'.count($this->desk->ofOrder((string) $order_id)), $amount, array());
    }

    /** Another go for what came to nothing. */
    public function retry($key)
    {
        $operation = $this->desk->find($key);
        if ($operation === null) {
            return null;
        }
        $order_id = (int) $operation->getOrder();
        $amount = $operation->isRefund() ? $operation->getTotal() : null;
        return $this->desk->retry($key, $this->makerOf($order_id, $amount, array()));
    }

    /** Hands over what the order has, once its buyer has the answer. */
    public function workAtOnce($order_id)
    {
        return $this->settings->isEmpty() ? 0 : $this->desk->workAtOnce($this->client(), (string) $order_id);
    }

    /** Hands over and asks after; from cron, or, of one order, for a button. */
    public function work($limit = 20, $order_id = null)
    {
        $order = $order_id === null ? null : (string) $order_id;
        return $this->settings->isEmpty() ? 0 : $this->desk->work($this->client(), $limit, $order);
    }

    /** @return CallbackAnswer */
    public function receive(array $headers, $body)
    {
        return $this->desk->receive($this->settings->codes(), $headers, $body);
    }

    /** Whether the settings are right; nothing is printed. Throws if they are not. */
    public function check()
    {
        $vat = $this->settings->vatOf('22');
        $this->client()->checkConnection($this->settings->taxSystem(), $vat === null ? Vat::NONE : $vat);
    }

    /** @return Operation[] */
    public function ofOrder($order_id)
    {
        return $this->desk->ofOrder((string) $order_id);
    }

    /** @return int kopecks */
    public function remaining($order_id)
    {
        return $this->desk->remaining((string) $order_id);
    }

    private function sell(shopFiscalgatePluginOrder $order)
    {
        $known = $this->desk->saleOf((string) $order->getId());
        if ($known !== null || $order->getTotal() === 0) {
            return $known;
        }
        if ($order->printedBy() !== '') {
            throw new ValidationException('order', 'has a receipt already, by '.$order->printedBy());
        }
        $number = OrderNumber::sale($this->settings->prefix().$order->getId());
        $maker = $this->makerOf($order->getId(), null, array());
        return $this->desk->place($number, (string) $order->getId(), $order->getTotal(), $maker);
    }

    private function placeRefund($order_id, $id, $amount, array $items)
    {
        $number = OrderNumber::refund($this->settings->prefix().$order_id, $id);
        return $this->desk->place($number, (string) $order_id, $amount, $this->makerOf($order_id, $amount, $items));
    }

    /** @return callable */
    private function makerOf($order_id, $amount, array $items)
    {
        return function (OrderNumber $number) use ($order_id, $amount, $items) {
            $order = $this->orders->find($order_id);
            $maker = new shopFiscalgatePluginReceiptMaker($this->settings);
            if ($amount === null) {
                if ($order === null) {
                    throw new ValidationException('order', 'is not there any more');
                }
                $receipt = $maker->sale($order);
            } else {
                $sold = $this->desk->soldOf((string) $order_id, Operation::keyOf($number));
                $receipt = $order === null || !$items ? null : $maker->refund($order, $items, $amount, $sold);
                $receipt = $receipt === null ? $sold->refund($amount) : $receipt;
            }
            return Submission::of($number, $receipt, $this->settings->account());
        };
    }

    private function onChange(Operation $before, Operation $now)
    {
        $mark = $now->getMark();
        if ($before->isDone() || !$now->isDone() || $mark === null) {
            return;
        }
        $words = $now->isRefund() ? _wp('Receipt of the refund is printed: %s') : _wp('Receipt is printed: %s');
        $text = sprintf($words, sprintf(_wp('FN %s, FD %d, FPD %s'), $mark->getDrive(), $mark->getDocument(), $mark->getSign()));
        $this->orders->tell((int) $now->getOrder(), $text, !$now->isRefund());
    }

    private function client()
    {
        return new Client($this->settings->account(), $this->transport, array('shopFiscalgatePlugin', 'log'));
    }
}
