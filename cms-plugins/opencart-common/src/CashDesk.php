<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Submission;

/**
 * Which receipts an order is to have, and what is in them. Only the shop's own database is asked here, never the network:
 * it runs in the checkout.
 */
final class CashDesk
{
    /** Another worker may take the number of a refund first; then the rest is counted anew. */
    private const ROUNDS = 5;

    private Settings $settings;
    private OrderReader $reader;
    private Operations $operations;

    public function __construct(Settings $settings, OrderReader $reader, Operations $operations)
    {
        $this->settings = $settings;
        $this->reader = $reader;
        $this->operations = $operations;
    }

    /**
     * An order has got a status; which one is read from the order, since the core may have changed its mind.
     *
     * @return bool whether there may be something to send
     */
    public function orderChanged(int $id): bool
    {
        $order = $this->settings->is('enabled') && $id > 0 ? $this->reader->read($id) : null;
        if ($order === null) {
            return false;
        }
        if (in_array($order->status, $this->settings->list('sale'), true) && $this->reasonNot($order) === '') {
            return $this->sell($order);
        }
        if (in_array($order->status, $this->settings->list('settle'), true)) {
            return $this->settle($order);
        }
        return in_array($order->status, $this->settings->list('refund'), true) && $this->refundRest($order);
    }

    /** Why an order gets no receipt by itself: a key of the language files, "" if it does. */
    public function reasonNot(Order $order): string
    {
        if (!$this->settings->is('enabled')) {
            return 'disabled';
        }
        if ($this->settings->text('since') > substr($order->added, 0, 10)) {
            return 'since';
        }
        if (OrderSums::paid($order) > 0 && $this->settings->paymentKind($order->payment) === Settings::NO) {
            return 'payment';
        }
        return $this->isFree($order) ? 'free' : '';
    }

    /** The receipt of what was paid. */
    public function sell(Order $order): bool
    {
        return $this->open($order, Operation::SALE, function () use ($order): Receipt {
            return $this->maker()->sale($order);
        });
    }

    /** The second receipt, when what was prepaid is handed over. */
    public function settle(Order $order): bool
    {
        $sale = $this->operations->find($order->id, Operation::SALE);
        if ($sale === null || $sale->submission() === null || !$this->maker()->needsSettlement($sale->printed())) {
            return false;
        }
        return $this->open($order, Operation::SETTLE, function () use ($order, $sale): Receipt {
            return $this->maker()->settle($sale->printed(), $order);
        });
    }

    /**
     * What may still be given back.
     *
     * @return array<int, array{item: Item, left: int}> by line of the sale; millionths
     */
    public function refundable(int $order): array
    {
        $sale = $this->operations->find($order, Operation::SALE);
        $left = [];
        foreach ($sale === null ? [] : $sale->printed()->items() as $line => $item) {
            $left[$line] = ['item' => $item, 'left' => $item->getQuantity()];
        }
        foreach ($this->operations->ofOrder($order) as $operation) {
            foreach ($operation->isRefund() ? $operation->lines() : [] as $line => $quantity) {
                if (isset($left[$line])) {
                    $left[$line]['left'] -= $quantity;
                }
            }
        }
        return $left;
    }

    /** The number the next refund of this order gets. */
    public function nextRefund(int $order): int
    {
        $last = 0;
        foreach ($this->operations->ofOrder($order) as $operation) {
            $last = $operation->isRefund() ? max($last, $operation->refundNumber()) : $last;
        }
        return $last + 1;
    }

    /**
     * Gives lines of the sale back.
     *
     * @param array<int, int> $lines line => millionths
     * @param int $number which refund of the order it is, as nextRefund gave it to the page
     * @return bool false if somebody else made a refund of that number meanwhile
     * @throws ValidationException more than there is, or nothing
     */
    public function refund(Order $order, array $lines, int $number): bool
    {
        $sale = $this->operations->find($order->id, Operation::SALE);
        $left = $this->refundable($order->id);
        $lines = array_filter($lines);
        foreach ($lines as $line => $quantity) {
            if ($quantity < 0 || !isset($left[$line]) || $quantity > $left[$line]['left']) {
                throw new ValidationException('refund', 'is more than is left of line ' . ($line + 1));
            }
        }
        if ($sale === null || $lines === []) {
            throw new ValidationException('refund', 'has no lines');
        }
        return $this->open($order, Operation::REFUND . $number, function () use ($order, $sale, $lines): Receipt {
            return $this->refundReceipt($order, $sale, $lines, null);
        }, $lines);
    }

    /** Gives back whatever is left of the sale. */
    public function refundRest(Order $order): bool
    {
        for ($round = 0; $round < self::ROUNDS; ++$round) {
            $number = $this->nextRefund($order->id);
            $lines = array_filter(array_map(static function (array $line): int {
                return max(0, $line['left']);
            }, $this->refundable($order->id)));
            if ($lines === []) {
                return false;
            }
            if ($this->refund($order, $lines, $number)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The owner wants it tried again: what surely was not printed is made anew of the order as it is now, everything else
     * is sent as it was.
     *
     * @return bool whether anything was changed
     */
    public function retry(Order $order, Operation $operation): bool
    {
        $isOver = State::isSurelyNotPrinted($operation->state());
        if ($operation->isAccepted() && !$isOver) {
            return false;
        }
        if (!$isOver && $operation->mayBeThere()) {
            return $this->operations->again($operation);
        }
        $base = $this->settings->numberOf($operation->name(), $order->id);
        $number = $isOver ? OrderNumber::parse($operation->number())->nextTry() : $base;
        $base = $isOver ? self::firstTry($operation->number()) : (string) $base;
        try {
            $receipt = $this->rebuild($order, $operation);
            $submission = Submission::of($number, $receipt, $this->settings->account());
        } catch (FiscalgateException $e) {
            [$reason, $text] = self::explain($e);
            return $isOver ? $this->operations->note($operation, $reason, $text)
                : $this->operations->block($operation, $reason, $text);
        }
        return $this->operations->replace($operation, $base, $submission, $receipt->total());
    }

    /** The number of the first try: what an operation is found by. */
    public static function firstTry(string $number): string
    {
        return (string) preg_replace('/-try-\d+$/D', '', $number);
    }

    /** @return array{string, string} a key of the language files, and what more there is to say */
    public static function explain(\Throwable $e): array
    {
        if ($e instanceof TotalMismatchException) {
            return ['mismatch', Money::format($e->getLinesSum()) . ' ≠ ' . Money::format($e->getOrderTotal())];
        }
        $field = $e instanceof ValidationException ? $e->getField() : '';
        if (strncmp($field, 'account', 7) === 0) {
            return ['settings', $e->getMessage()];
        }
        if (strncmp($field, 'customer', 8) === 0) {
            return ['customer', $e->getMessage()];
        }
        return [$field === 'order.currency' ? 'currency' : 'receipt', $e->getMessage()];
    }

    private function isFree(Order $order): bool
    {
        try {
            return (new OrderSums($order, $this->settings->is('certificatesPay')))->total === 0;
        } catch (FiscalgateException $e) {
            return false; // the receipt will say so
        }
    }

    private function rebuild(Order $order, Operation $operation): Receipt
    {
        if ($operation->name() === Operation::SALE) {
            return $this->maker()->sale($order);
        }
        $sale = $this->operations->find($order->id, Operation::SALE);
        if ($sale === null) {
            throw new ValidationException('receipt', 'has no sale');
        }
        return $operation->name() === Operation::SETTLE ? $this->maker()->settle($sale->printed(), $order)
            : $this->refundReceipt($order, $sale, $operation->lines(), $operation);
    }

    /** @param array<int, int> $lines */
    private function refundReceipt(Order $order, Operation $sale, array $lines, ?Operation $self): Receipt
    {
        $returned = [];
        $isSettled = false;
        foreach ($this->operations->ofOrder($order->id) as $operation) {
            if ($operation->isRefund() && ($self === null || $operation->name() !== $self->name())) {
                $returned[] = $operation->printed();
            }
            $isSettled = $isSettled || $operation->name() === Operation::SETTLE;
        }
        return $this->maker()->refund($sale->printed(), $lines, $isSettled, $returned, $order);
    }

    /** @param array<int, int> $lines */
    private function open(Order $order, string $name, callable $make, array $lines = []): bool
    {
        if ($this->operations->find($order->id, $name) !== null) {
            return false;
        }
        $number = $this->settings->numberOf($name, $order->id);
        try {
            $receipt = $make();
            $submission = Submission::of($number, $receipt, $this->settings->account());
        } catch (FiscalgateException $e) {
            [$reason, $text] = self::explain($e);
            return $this->operations->addBlocked($order->id, $name, (string) $number, $reason, $text, $lines);
        }
        return $this->operations->add($order->id, $name, $submission, $receipt->total(), $lines);
    }

    private function maker(): ReceiptMaker
    {
        return new ReceiptMaker($this->settings);
    }
}
