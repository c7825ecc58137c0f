<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Fiscalgate\Sdk\Digits;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\Quantity;

/**
 * An order of JoomShopping in kopecks, tax included. The shop keeps prices with or without tax, as the buyer saw them.
 */
final class Order
{
    /** @var array<string, mixed> */
    private array $row;
    /** @var array<int, array<string, mixed>> */
    private array $items;

    /**
     * @param array<string, mixed> $row of the table of orders
     * @param array<int, array<string, mixed>> $items rows of the table of items
     */
    public function __construct(array $row, array $items)
    {
        $this->row = $row;
        $this->items = $items;
    }

    public function getId(): string
    {
        return $this->text('order_id');
    }

    public function getStatus(): int
    {
        return (int) $this->text('order_status');
    }

    public function getPayment(): int
    {
        return (int) $this->text('payment_method_id');
    }

    public function getDate(): string
    {
        return $this->text('order_date');
    }

    /** By ISO 4217. */
    public function getCurrency(): string
    {
        return strtoupper($this->text('currency_code_iso'));
    }

    public function getEmail(): string
    {
        return $this->text('email');
    }

    public function getPhone(): string
    {
        return $this->text('mobil_phone') !== '' ? $this->text('mobil_phone') : $this->text('phone');
    }

    public function getTotal(): int
    {
        return Money::parse($this->decimal('order_total'), 'order_total');
    }

    /** Whether the prices of the order are without tax. */
    public function isNet(): bool
    {
        return (int) $this->text('display_price') === 1;
    }

    /** What was taken off; where prices are without tax, so is this. */
    public function getDiscount(): int
    {
        return Money::parse($this->decimal('order_discount'), 'order_discount');
    }

    /** @return array<int, array{name: string, quantity: int, sum: int, percent: string}> */
    public function getLines(): array
    {
        $lines = [];
        foreach ($this->items as $item) {
            $percent = (string) ($item['product_tax'] ?? '0');
            $quantity = (string) ($item['product_quantity'] ?? '0');
            if (Digits::scale($quantity, 2, 'quantity') > 0) {
                $lines[] = ['name' => $this->nameOf($item), 'quantity' => Quantity::parse($quantity),
                    'sum' => $this->sumOf((string) ($item['product_item_price'] ?? '0'), $quantity, $percent),
                    'percent' => $percent];
            }
        }
        return $lines;
    }

    /** @return array<int, array{sum: int, percent: string}> one for each rate of tax */
    public function getDelivery(): array
    {
        return $this->charge('order_shipping', 'shipping_tax_ext', $this->text('shipping_tax'));
    }

    /** @return array<int, array{sum: int, percent: string}> */
    public function getPackage(): array
    {
        return $this->charge('order_package', 'package_tax_ext', '0');
    }

    /** @return array<int, array{sum: int, percent: string}> what the way of paying costs */
    public function getSurcharge(): array
    {
        return $this->charge('order_payment', 'payment_tax_ext', $this->text('payment_tax'));
    }

    /** @return array<int, array{sum: int, percent: string}> */
    private function charge(string $column, string $taxes, string $percent): array
    {
        $sum = Money::parse($this->decimal($column), $column);
        $parts = array_filter($this->taxes($taxes));
        if ($this->isNet()) {
            $sum += array_sum($parts);
        }
        if (count($parts) < 2) {
            return $sum === 0 ? [] : [['sum' => $sum, 'percent' => $parts === [] ? $percent : (string) key($parts)]];
        }
        $charges = [];
        foreach ($parts as $rate => $tax) {
            $scaled = Digits::scale((string) $rate, 4, $taxes);
            $part = min($sum, intdiv($tax * (1000000 + $scaled) + intdiv($scaled, 2), $scaled));
            $charges[] = ['sum' => $part, 'percent' => (string) $rate];
            $sum -= $part;
        }
        $charges[count($charges) - 1]['sum'] += $sum; // what rounding has left
        return $charges;
    }

    /** @return array<string, int> percent -> kopecks of tax */
    private function taxes(string $column): array
    {
        $stored = $this->text($column);
        $taxes = $stored === '' ? [] : @unserialize($stored, ['allowed_classes' => false]);
        $clean = [];
        foreach (is_array($taxes) ? $taxes : [] as $percent => $value) {
            if (is_numeric($percent) && is_numeric($value) && $percent > 0) {
                $clean[(string) $percent] = Money::parse(is_string($value) ? $value : (float) $value, $column);
            }
        }
        return $clean;
    }

    /** price x quantity, and the tax on top of it if the price is without. */
    private function sumOf(string $price, string $quantity, string $percent): int
    {
        $sum = Digits::scale($price, 4, 'price') * Digits::scale($quantity, 2, 'quantity'); // millionths of a rouble
        if (!$this->isNet()) {
            return intdiv($sum + 5000, 10000);
        }
        $fine = intdiv($sum + 50, 100);
        return intdiv($fine * (1000000 + Digits::scale($percent, 4, 'tax')) + 50000000, 100000000);
    }

    /** @param array<string, mixed> $item */
    private function nameOf(array $item): string
    {
        $parts = [$item['product_name'] ?? '', $item['product_attributes'] ?? '', $item['product_freeattributes'] ?? ''];
        $lines = explode("\n", implode("\n", array_map('strval', $parts)));
        $name = implode(', ', array_filter(array_map('trim', $lines), 'strlen'));
        return html_entity_decode(strip_tags($name), ENT_QUOTES | ENT_HTML5, 'UTF-8');
    }

    private function decimal(string $column): string
    {
        return $this->text($column) === '' ? '0' : $this->text($column);
    }

    private function text(string $column): string
    {
        $value = $this->row[$column] ?? '';
        return is_scalar($value) ? trim((string) $value) : '';
    }
}
