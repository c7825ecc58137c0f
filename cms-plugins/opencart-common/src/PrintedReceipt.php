<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Quantity;

/**
 * A receipt as it was fixed to be posted. What is given back is given back of this, whatever became of the order since.
 */
final class PrintedReceipt
{
    /** @var array<string, mixed> */
    private array $data;

    /** @param string $json the package of commands: Submission::getJson */
    public function __construct(string $json)
    {
        $this->data = (Json::decode($json) ?? [])[0]['data'] ?? [];
    }

    /** @return Item[] */
    public function items(): array
    {
        return array_map(static function (array $line): Item {
            $item = new Item(
                $line['productName_1030'],
                Money::parse($line['price_1079']),
                Quantity::parse($line['qty_1023']),
                (int) $line['tax_1199']
            );
            return $item->withMethod((int) $line['paymentFormCode_1214'])->withSubject((int) $line['productTypeCode_1212']);
        }, $this->data['purchases'] ?? []);
    }

    public function taxSystem(): int
    {
        return (int) ($this->data['taxationType_1055'] ?? 0);
    }

    /** Kopecks paid in that way: "cash_1031", "ecash_1081", "prepayment_1215". */
    public function paid(string $kind): int
    {
        return Money::parse($this->data['payments'][$kind] ?? 0);
    }

    /**
     * What to give back of the payments: money first, certificates last.
     *
     * @param self[] $returned receipts of earlier returns
     */
    public function refundPayments(int $total, array $returned): Payments
    {
        $left = [];
        foreach (['cash_1031', 'ecash_1081', 'prepayment_1215'] as $kind) {
            $left[$kind] = $this->paid($kind);
            foreach ($returned as $receipt) {
                $left[$kind] -= $receipt->paid($kind);
            }
        }
        $cash = min($total, max(0, $left['cash_1031']));
        $electronic = min($total - $cash, max(0, $left['ecash_1081']));
        return new Payments($cash, $electronic, $total - $cash - $electronic);
    }
}
