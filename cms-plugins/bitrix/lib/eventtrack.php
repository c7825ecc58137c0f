<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Sale\Order;
use Bitrix\Sale\Payment;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\Submission;

/**
 * Decides which receipts an order needs, where the core does not. Only keeps them: nothing here waits for a network.
 */
final class EventTrack
{
    private Settings $settings;
    private Operations $operations;
    private Worker $worker;

    public function __construct(Settings $settings, Operations $operations, Worker $worker)
    {
        $this->settings = $settings;
        $this->operations = $operations;
        $this->worker = $worker;
    }

    public function onPaid(Order $order): void
    {
        if (!$order->isPaid() || $order->isCanceled() || !$this->concerns($order)) {
            return;
        }
        $this->want($this->numberOf($order), Operation::SALE, $order, static function (OrderReceipt $receipts): Receipt {
            return $receipts->sale();
        });
    }

    public function onStatus(Order $order, string $status): void
    {
        $isHandedOver = in_array($status, $this->settings->listOf('SETTLE_STATUSES'), true);
        if (!$isHandedOver || $this->settings->get('PREPAYMENT') !== 'Y' || $this->saleOf($order) === null) {
            return;
        }
        $number = OrderNumber::settle((string) $this->numberOf($order));
        $this->want($number, Operation::SETTLE, $order, static function (OrderReceipt $receipts): Receipt {
            return $receipts->settlement();
        });
    }

    /** A payment was marked as paid back; that one is no longer marked as paid is not enough: it may be a mistake. */
    public function onPayment(Order $order, Payment $payment): void
    {
        if (!in_array($payment->getField('IS_RETURN'), ['Y', 'P'], true) || $this->saleOf($order) === null) {
            return;
        }
        $isPrepaid = $this->settings->get('PREPAYMENT') === 'Y'
            && $this->operations->find((string) OrderNumber::settle((string) $this->numberOf($order))) === null;
        $number = OrderNumber::refund((string) $this->numberOf($order), $payment->getId());
        $make = static function (OrderReceipt $receipts) use ($payment, $isPrepaid): Receipt {
            return $receipts->refund($payment, $isPrepaid);
        };
        $this->want($number, Operation::REFUND, $order, $make);
    }

    /** What surely was not printed is made anew of the order as it is now, and tried again. */
    public function again(Operation $operation, Order $order): bool
    {
        $number = OrderNumber::parse($operation->number);
        if (!$operation->isSurelyNotPrinted()) {
            return false;
        }
        // Of what was refused the gateway keeps nothing: its number is free.
        $number = $operation->state === Operation::REFUSED ? $number : $number->nextTry();
        $made = $this->make($number, $operation->kind, $order, function (OrderReceipt $receipts) use ($number, $order): Receipt {
            return $this->receiptOf($receipts, $number, $order);
        });
        if ($operation->state !== Operation::REFUSED) {
            return $this->worker->enqueue($made);
        }
        $made->id = $operation->id;
        $made->createdAt = $operation->createdAt;
        if ($made->isOver()) {
            $this->operations->save($made);
        } else {
            $this->worker->resume($made);
        }
        return true;
    }

    private function receiptOf(OrderReceipt $receipts, OrderNumber $number, Order $order): Receipt
    {
        if (!$number->isRefund()) {
            return $number->isSettlement() ? $receipts->settlement() : $receipts->sale();
        }
        $payment = $order->getPaymentCollection()->getItemById((int) $number->getRefund());
        $isSettled = $this->operations->find((string) OrderNumber::settle($number->getOrder())) !== null;
        return $receipts->refund($payment, $this->settings->get('PREPAYMENT') === 'Y' && !$isSettled);
    }

    private function want(OrderNumber $number, string $kind, Order $order, callable $receipt): void
    {
        if ($this->operations->find((string) $number) === null) {
            $this->worker->enqueue($this->make($number, $kind, $order, $receipt));
        }
    }

    /** Where no receipt can be made, the operation says why, for whoever has to mend the order. */
    private function make(OrderNumber $number, string $kind, Order $order, callable $receipt): Operation
    {
        $orderId = (int) $order->getId();
        try {
            $made = $receipt(new OrderReceipt($order, $this->settings));
            return Operation::of(Submission::of($number, $made, $this->settings->account()), $kind, $orderId);
        } catch (FiscalgateException $e) {
            return (new Operation((string) $number, $kind, $orderId))->refuse($e->getMessage());
        }
    }

    private function concerns(Order $order): bool
    {
        if ((float) $order->getPrice() <= 0) {
            return false;
        }
        $since = strtotime($this->settings->get('SINCE'));
        $inserted = $order->getDateInsert();
        if ($since !== false && $inserted !== null && $inserted->getTimestamp() < $since) {
            return false;
        }
        $systems = $this->settings->listOf('PAY_SYSTEMS');
        foreach ($order->getPaymentCollection() as $payment) {
            $isOurs = $payment->isInner() || $systems === [] || in_array((string) $payment->getPaymentSystemId(), $systems, true);
            if ($payment->isPaid() && !$isOurs) {
                return false;
            }
        }
        return true;
    }

    /** The last try of the sale; null where there was none: then nothing can be settled or paid back. */
    private function saleOf(Order $order): ?Operation
    {
        foreach ($this->operations->ofOrder((int) $order->getId(), 100) as $operation) {
            if ($operation->kind === Operation::SALE && !$operation->isSurelyNotPrinted()) {
                return $operation;
            }
        }
        return null;
    }

    private function numberOf(Order $order): OrderNumber
    {
        return OrderNumber::sale($this->settings->get('PREFIX') . '-' . $order->getId());
    }
}
