<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Shop;

use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\Map;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\Vat;

/**
 * A sale as it was posted, to be given back: whatever became of the order and its goods in the shop since, what is taken
 * back is what stood in the receipt.
 */
final class SoldReceipt
{
    private Map $data;
    /** @var array<string, array{item: Item, sum: int, code: string}> what is left of each line; split lines are one again */
    private array $lines;

    public function __construct(Submission $sale)
    {
        $commands = Json::decode($sale->getJson());
        $data = is_array($commands[0] ?? null) ? $commands[0]['data'] ?? null : null;
        if (!is_array($data)) {
            throw new ValidationException('submission', 'holds no receipt');
        }
        $this->data = new Map($data);
        $this->lines = $this->read();
    }

    /** What is left after a refund. */
    public function without(Submission $refund): self
    {
        $copy = clone $this;
        foreach ((new self($refund))->lines as $key => $gone) {
            $line = $copy->lines[$key] ?? null;
            if ($line === null) {
                continue; // nothing that was sold: the total still holds, by taking it from all
            }
            $left = $line['item']->getQuantity() - $gone['item']->getQuantity();
            $line['item'] = $left > 0 ? $line['item']->withPrice(0, $left) : $line['item'];
            $line['sum'] = max(0, $line['sum'] - $gone['sum']);
            $copy->lines[$key] = $line;
        }
        return $copy;
    }

    /** Kopecks. */
    public function total(): int
    {
        return array_sum(array_column($this->lines, 'sum'));
    }

    /**
     * @param int $amount kopecks; less than is left takes the same part of every line
     */
    public function refund(int $amount): Receipt
    {
        $builder = ReceiptBuilder::refund($this->data->int('taxationType_1055'), $amount)->reduceToTotal();
        foreach ($this->lines as $line) {
            $builder->addItem($line['item'], $line['sum'], $line['code'] === '' || $line['sum'] === 0 ? [] : [$line['code']]);
        }
        $receipt = $builder->paidBy($this->payments($amount))->build($this->customer());
        $site = $this->data->text('place_1187');
        return $site === '' ? $receipt : $receipt->withSite($site);
    }

    /** A line of the receipt by its name, as the receipt has it; for refunds of lines that the shop names. */
    public function find(string $name): ?Item
    {
        $wanted = Item::of($name, 0, Quantity::ONE, Vat::NONE)->getName();
        foreach ($this->lines as $line) {
            if ($line['item']->getName() === $wanted) {
                return $line['item'];
            }
        }
        return null;
    }

    /** @return array<string, array{item: Item, sum: int, code: string}> */
    private function read(): array
    {
        $lines = [];
        foreach ($this->data->list('purchases') as $purchase) {
            $map = new Map(is_array($purchase) ? $purchase : []);
            [$item, $sum, $code] = [$this->item($map), Money::parse($map->get('amount_1043')), $map->text('markingCode_2000')];
            $key = implode('|', [$item->getVat(), $item->getSubject(), $code, $item->getName()]);
            if (isset($lines[$key])) {
                $quantity = $item->getQuantity() + $lines[$key]['item']->getQuantity();
                $item = $item->withPrice(0, $quantity);
                $sum += $lines[$key]['sum'];
            }
            $lines[$key] = ['item' => $item->withPrice(0, $item->getQuantity()), 'sum' => $sum, 'code' => $code];
        }
        return $lines;
    }

    private function item(Map $line): Item
    {
        $item = Item::of($line->text('productName_1030'), 0, Quantity::parse($line->get('qty_1023')), $line->int('tax_1199'));
        return $item->withMethod($line->int('paymentFormCode_1214'))->withSubject($line->int('productTypeCode_1212'))
            ->withUnit($line->int('unit_2108'));
    }

    private function payments(int $amount): Payments
    {
        $paid = $this->data->list('payments');
        return array_keys($paid) === ['cash_1031'] ? Payments::cash($amount) : Payments::electronic($amount);
    }

    private function customer(): Customer
    {
        $contact = $this->data->text('sendToEmail_1008');
        return $contact === '' ? Customer::withoutContact() : Customer::emailOrPhone($contact, $contact);
    }
}
