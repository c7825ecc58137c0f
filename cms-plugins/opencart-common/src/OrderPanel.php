<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\QrCode;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\State;

/**
 * What the admin sees of an order's receipts, and what he does about them.
 */
final class OrderPanel
{
    private Settings $settings;
    private OrderReader $reader;
    private Operations $operations;
    private CashDesk $desk;

    public function __construct(Settings $settings, OrderReader $reader, Operations $operations)
    {
        $this->settings = $settings;
        $this->reader = $reader;
        $this->operations = $operations;
        $this->desk = new CashDesk($settings, $reader, $operations);
    }

    /** @return array<string, mixed> plain values; whoever shows them escapes them */
    public function show(int $id): array
    {
        $order = $this->reader->read($id);
        $operations = array_map([$this, 'view'], $this->operations->ofOrder($id));
        $names = array_column($operations, 'name');
        $sale = $this->operations->find($id, Operation::SALE);
        return [
            'order_id' => $id,
            'operations' => $operations,
            'isUnderway' => in_array(true, array_column($operations, 'isUnderway'), true),
            'reason' => $order === null || $sale !== null ? '' : ($this->desk->reasonNot($order) ?: 'status'),
            'canSell' => $order !== null && $sale === null && $this->settings->is('enabled'),
            'canSettle' => $sale !== null && $sale->isDone() && !in_array(Operation::SETTLE, $names, true)
                && (new ReceiptMaker($this->settings))->needsSettlement($sale->printed()),
            'lines' => $this->lines($id),
            'nextRefund' => $this->desk->nextRefund($id),
            'differs' => $order !== null && $sale !== null && $this->differs($order, $sale),
        ];
    }

    /**
     * @param array<string, mixed> $wish action, order_id, operation, number, lines
     * @return string what is wrong: a key of the language files; "" if it is done
     */
    public function act(array $wish): string
    {
        $id = (int) ($wish['order_id'] ?? 0);
        $order = $this->reader->read($id);
        if ($order === null || !$this->settings->is('enabled')) {
            return $order === null ? 'error_order' : 'error_disabled';
        }
        switch ($wish['action'] ?? '') {
            case 'sell':
                return $this->desk->sell($order) ? '' : 'error_there';
            case 'settle':
                return $this->desk->settle($order) ? '' : 'error_there';
            case 'retry':
                $operation = $this->operations->find($id, (string) ($wish['operation'] ?? ''));
                $operation === null ?: $this->desk->retry($order, $operation);
                return $operation === null ? 'error_order' : '';
            case 'refund':
                return $this->refund($order, $wish);
            case 'refresh':
                return '';
        }
        return 'error_order';
    }

    /** @param array<string, mixed> $wish */
    private function refund(Order $order, array $wish): string
    {
        $lines = [];
        try {
            foreach (is_array($wish['lines'] ?? null) ? $wish['lines'] : [] as $line => $quantity) {
                if (trim((string) $quantity) !== '' && trim((string) $quantity, ' 0.,') !== '') {
                    $lines[(int) $line] = Quantity::parse(trim((string) $quantity));
                }
            }
            if ($lines === []) {
                return 'error_lines';
            }
            return $this->desk->refund($order, $lines, (int) ($wish['number'] ?? 0)) ? '' : 'error_refund_there';
        } catch (ValidationException $e) {
            return 'error_quantity';
        }
    }

    /** @return array<string, mixed> */
    private function view(Operation $operation): array
    {
        $mark = $operation->mark();
        $isOver = State::isSurelyNotPrinted($operation->state());
        $qr = $mark === null ? '' : $mark->getQr();
        return [
            'name' => $operation->name(),
            'kind' => $operation->isRefund() ? 'refund' : $operation->name(),
            'refundNumber' => $operation->isRefund() ? $operation->refundNumber() : 0,
            'number' => $operation->number(),
            'state' => $operation->state(),
            'total' => $operation->total() === 0 ? '' : Money::format($operation->total()),
            'drive' => $mark === null ? '' : $mark->getDrive(),
            'document' => $mark === null ? '' : (string) $mark->getDocument(),
            'sign' => $mark === null ? '' : $mark->getSign(),
            'time' => $mark === null ? '' : str_replace('T', ' ', $mark->getTime()),
            'qr' => QrCode::svg($qr),
            'page' => preg_match('~^https?://~Di', $operation->page()) === 1 ? $operation->page() : '',
            'reason' => $operation->isDone() && $operation->reason() !== 'twice' ? '' : $operation->reason(),
            'error' => $operation->isDone() && $operation->reason() !== 'twice' ? '' : $operation->error(),
            'advice' => $operation->isDone() ? '' : $operation->advice(),
            'due' => $operation->due() === 0 ? '' : date('Y-m-d H:i:s', $operation->due()),
            'canRetry' => $isOver || !$operation->isAccepted(),
            'isUnderway' => !$isOver && !$operation->isDone() && $operation->state() !== Operation::BLOCKED,
        ];
    }

    /** @return array<int, array<string, string|int>> what may be given back */
    private function lines(int $id): array
    {
        $lines = [];
        foreach ($this->desk->refundable($id) as $line => $about) {
            if ($about['left'] > 0) {
                $lines[] = ['line' => $line, 'name' => $about['item']->getName(),
                    'price' => Money::format($about['item']->getPrice()), 'left' => Quantity::format($about['left'])];
            }
        }
        return $lines;
    }

    /** Whether the order was changed since its receipt was made. */
    private function differs(Order $order, Operation $sale): bool
    {
        try {
            $total = (new OrderSums($order, $this->settings->is('certificatesPay')))->total;
        } catch (FiscalgateException $e) {
            return $sale->total() !== 0;
        }
        return $sale->total() !== 0 && $sale->total() !== $total;
    }
}
